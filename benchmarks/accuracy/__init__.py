"""How right the reader is: invented reports whose every figure is known, printed in many ways, damaged in the ways of the world, read and compared."""
