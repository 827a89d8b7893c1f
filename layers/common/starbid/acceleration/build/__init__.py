"""Steps of the build of the layer and the functions. They are not in the layer."""
