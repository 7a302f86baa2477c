(** The axis of a transposed convolution: the function transposed. *)
From Coq Require Import ZArith Bool Lia.
From cnnbp Require Import Axis Relation.
Open Scope Z_scope.

(** The relation of a transposed convolution has as many outputs as its input has cells, whatever
    output_padding says. *)
Theorem transposed_maps_back : forall cells kernel_size stride padding dilation output_padding a,
  1 <= kernel_size -> 1 <= stride -> 0 <= padding -> 1 <= dilation -> 0 <= output_padding ->
  transposed cells kernel_size stride padding dilation output_padding = Some a ->
  sensible a /\ outputs a = Some cells /\ cell a = (fun r o => stride * o + dilation * r - padding) /\
    kernel a = kernel_size /\
  size a = stride * (cells - 1) - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1.
Proof.
  intros m k s p d u a ? ? ? ? ?. unfold transposed. cbv zeta.
  set (n := s * (m - 1) + d * (k - 1) + 1 - 2 * p + u).
  destruct (Z.ltb_spec m 1), (Z.ltb_spec n 1); cbn [orb]; try discriminate.
  intros E. assert (A : a = Axis n k s p d false u) by congruence. subst a. cbn [size kernel].
  split; [unfold sensible; cbn; lia|]. split; [|split; [reflexivity|split; [reflexivity|unfold n; lia]]].
  unfold outputs. cbv zeta. cbn [size kernel stride padding dilation surplus ceil_mode andb].
  rewrite Z.gtb_ltb.
  replace (n - u + _ - (d * (k - 1) + 1)) with (s * (m - 1)) by (unfold n; lia).
  replace (n - u + _) with (s * (m - 1) + (d * (k - 1) + 1)) by (unfold n; lia).
  destruct (Z.ltb_spec (s * (m - 1) + (d * (k - 1) + 1)) (d * (k - 1) + 1)); [nia|].
  f_equal. rewrite Z.mul_comm, Z.div_mul; lia.
Qed.

(** A transposed convolution is refused only where it has no input or no output. *)
Theorem transposed_is_refused_only_if_empty : 
  forall cells kernel_size stride padding dilation output_padding,
  transposed cells kernel_size stride padding dilation output_padding = None <->
  cells < 1 \/ stride * (cells - 1) - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1 < 1.
Proof. intros. unfold transposed. cbv zeta. by_cases; cbn [orb]; split; try discriminate; auto; lia. Qed.
