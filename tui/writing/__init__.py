"""Writing to an archive beside an open program: in a child process, seen beforehand, told of as it goes on."""
