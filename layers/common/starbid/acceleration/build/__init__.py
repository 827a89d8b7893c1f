"""What the build of the layer and the functions runs; none of it is in the layer."""
