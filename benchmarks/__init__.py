"""What is promised about speed, measured: each figure beside the one it is compared with, in the same run on the same machine."""
