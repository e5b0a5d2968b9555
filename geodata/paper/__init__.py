"""A page as a PDF: fixed layout, plain data, a font of this machine, a process of its own."""
