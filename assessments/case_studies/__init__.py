"""Case studies: their writing, agreement and versions, and the framework that they are written on."""
