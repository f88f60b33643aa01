"""What a function finds only if the layer is on its path."""

WORD = "layered"
