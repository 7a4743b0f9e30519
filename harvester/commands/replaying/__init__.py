"""Reading our own archive again: in this process or in several, all of it or what a killed run left behind."""
