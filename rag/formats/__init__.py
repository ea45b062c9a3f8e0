"""One module a family of file formats: the bytes of a file in, a `Document` out. Libraries load when they are used."""
