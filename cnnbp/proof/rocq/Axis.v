(** Made by translate.py from the class Axis and the functions relation and transposed of cnnbp/layers/relation.py.
    Not to be edited. [outputs] as an argument is the property of that name, [o] an output, None an error raised. *)
From Coq Require Import ZArith Bool.
Open Scope Z_scope.

(** Python's slice: [start], [start + step], ... before [stop]. *)
Record slice := Slice { start : Z; stop : Z; step : Z }.

Record axis := Axis { size : Z; kernel : Z; stride : Z; padding : Z; dilation : Z; ceil_mode : bool; surplus : Z }.

Definition outputs (self : axis) :=
  let reach := ((dilation self * (kernel self - 1)) + 1) in
  let padded := ((size self - surplus self) + (2 * padding self)) in
  if (reach >? padded) then None else
  let '(outputs, remainder) := ((padded - reach) / (stride self), (padded - reach) mod (stride self)) in
  let overhangs := (ceil_mode self && (remainder >? 0)) in
  let outputs := if (overhangs && (((stride self * (outputs + 1)) - padding self) <? size self)) then (outputs + 1) else outputs in
  Some (outputs + 1).

Definition inside (self : axis) (outputs : Z) :=
  let last := ((stride self * (outputs - 1)) + (dilation self * (kernel self - 1))) in
  ((padding self =? 0) && (last <? size self)).

Definition tap (self : axis) (outputs : Z) (r : Z) :=
  let offset := ((dilation self * r) - padding self) in
  let first := Z.max 0 (- (offset / stride self)) in
  let end_ := Z.max first (Z.min outputs ((((size self - 1) - offset) / stride self) + 1)) in
  let start := ((stride self * first) + offset) in
  (Slice first end_ 1, Slice start (start + (stride self * (end_ - first))) (stride self)).

Definition first_inputs (self : axis) (o : Z) :=
  let start := ((stride self * o) - padding self) in
  let tap := (if (start <? 0) then (- (start / dilation self)) else 0) in
  let first := (start + (dilation self * tap)) in
  if ((first >=? size self) || (tap >=? kernel self)) then None else
  Some first.

Definition window_sizes (self : axis) (o : Z) (count_padding : bool) :=
  let start := ((stride self * o) - padding self) in
  let '(low, high) := (if count_padding then ((- padding self), (size self + padding self)) else (0, size self)) in
  let sizes := (Z.min (start + kernel self) high - Z.max start low) in
  sizes.

Definition relation (cells : Z) (kernel_size : Z) (stride : Z) (padding : Z) (dilation : Z) (ceil_mode : bool) :=
  Axis cells kernel_size stride padding dilation ceil_mode 0.

Definition transposed (cells : Z) (kernel_size : Z) (stride : Z) (padding : Z) (dilation : Z) (output_padding : Z) :=
  let outputs := cells in
  let kernel := kernel_size in
  let step := stride in
  let pad := padding in
  let spread := dilation in
  let surplus := output_padding in
  let size := (((((step * (outputs - 1)) + (spread * (kernel - 1))) + 1) - (2 * pad)) + surplus) in
  if ((outputs <? 1) || (size <? 1)) then None else
  Some (Axis size kernel step pad spread false surplus).
