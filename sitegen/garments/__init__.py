"""Product pictures, drawn from the product's own data: garment, cloth, print, side."""
