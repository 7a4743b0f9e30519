"""How right the reader is: invented reports, printed in many ways, damaged as the world damages them, read and compared."""
