"""What planners have (files, data frames, shapes, dictionaries) as messages.

Errors name the argument or the file, the row and the column. Whether values
make sense is for the server to say; so every value comes with the place where
the user wrote it, for the server's answer to be told in those terms.

Other packages (pandas, geopandas, shapely, numpy) are known by what their
objects can do and never imported here: whoever has such an object has the
package.
"""
