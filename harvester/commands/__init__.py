"""Rooms behind the front door: commands that need more than the door has space for, and the options that all of them share."""
