"""What a layer is held against, from much knowledge to none, one file each.

`operator`: a layer of cnnbp, whose record knows everything. `trusted`: somebody's function or layer, whose numbers are believed and
whose noise is measured. `itself`: nothing but the layer's own forward. `in_float64`: in a low
precision, its own answers in float64, which one of these two judges. Each turns an `Asking` into evidence, and nobody else does.
"""
