(** How many outputs an axis has, and where a layer need not copy: Axis.outputs, Axis.inside and relation. *)
From Coq Require Import ZArith Bool Lia.
From cnnbp Require Import Axis Relation.
Open Scope Z_scope.

Section Outputs.
Variable a : axis.
Hypothesis ok : sensible a.
Notation n := (size a). Notation k := (kernel a). Notation s := (stride a).
Notation p := (padding a). Notation d := (dilation a).

(** With ceil_mode off, m windows fit into the padded input, and one more would not. *)
Theorem outputs_are_the_windows_that_fit : forall m, ceil_mode a = false -> outputs a = Some m ->
  1 <= m /\ s * (m - 1) + reach a <= n - surplus a + 2 * p < s * m + reach a.
Proof.
  destruct ok as (?&?&?&?&?&?). intros m C. unfold outputs, reach. rewrite C, Z.gtb_ltb. cbn [andb].
  cbv zeta. by_cases; intros E; [discriminate|]. apply some_equal in E. subst m.
  set (f := n - surplus a + 2 * p - (d * (k - 1) + 1)) in *. divided f s.
  assert (0 <= f / s) by (apply Z.div_pos; lia). replace (f / s + 1 - 1) with (f / s) by lia.
  rewrite Z.mul_add_distr_l. lia.
Qed.

(** There is no output only where the kernel is larger than the padded input, with ceil_mode or without. *)
Theorem no_output_only_if_the_kernel_is_too_large : outputs a = None <-> n - surplus a + 2 * p < reach a.
Proof.
  unfold outputs, reach. rewrite Z.gtb_ltb. cbv zeta. by_cases; split; try discriminate; auto; lia.
Qed.

(** How many outputs there are, 0 where the layer raises an error. *)
Definition outs : Z := match outputs a with Some m => m | None => 0 end.

Lemma outs_nonnegative : 0 <= outs.
Proof.
  destruct ok as (?&?&?&?&?&?). unfold outs, outputs. cbv zeta. rewrite Z.gtb_ltb. by_cases; try lia;
  match goal with |- context [?f / s] => pose proof (Z.div_pos f s) end; destruct (_ && _ && _); lia.
Qed.

(** PyTorch's pooling_output_shape: as many windows as cover the padded input; less one that starts in the
    right padding. *)
Definition pytorch_outputs : Z :=
  let m := (n + 2 * p - d * (k - 1) - 1 + (if ceil_mode a then s - 1 else 0)) / s + 1 in
  if ceil_mode a && (s * (m - 1) >=? n + p) then m - 1 else m.

(** The number of outputs is PyTorch's, with ceil_mode or without, wherever PyTorch takes the padding of a
    pooling. *)
Theorem ceil_mode_is_pytorchs : forall m, 1 <= n -> surplus a = 0 -> 2 * p <= k -> outputs a = Some m -> m
  = pytorch_outputs.
Proof.
  destruct ok as (?&?&?&?&?&?). intros m Hn Hu Hp. unfold outputs, pytorch_outputs. cbv zeta.
  rewrite Hu, !Z.gtb_ltb, Z.geb_leb.
  destruct (Z.ltb_spec (n - 0 + 2 * p) (d * (k - 1) + 1)) as [E|E]; [discriminate|]. intros X.
  apply some_equal in X. subst m.
  replace (n - 0 + 2 * p - (d * (k - 1) + 1)) with (n + 2 * p - d * (k - 1) - 1) by lia.
  set (f := n + 2 * p - d * (k - 1) - 1) in *. assert (0 <= f) by (unfold f; lia). divided f s.
  assert (k <= d * (k - 1) + 1) by nia.
  destruct (ceil_mode a); cbn [andb]; [|rewrite Z.add_0_r; reflexivity].
  destruct (Z.ltb_spec 0 (f mod s)); cbn [andb].
  - replace ((f + (s - 1)) / s) with (f / s + 1) by (apply (Z.div_unique_pos _ _ _ (f mod s - 1)); lia).
    by_cases; lia.
  - replace ((f + (s - 1)) / s) with (f / s) by (apply (Z.div_unique_pos _ _ _ (s - 1)); lia).
    replace (f / s + 1 - 1) with (f / s) by lia. by_cases; lia.
Qed.

(** Where a layer looks with strides instead of copying, nothing is padded and every tap of every output
    meets an input. *)
Theorem inside_means_no_padding : forall m, inside a m = true ->
  p = 0 /\ forall r o, 0 <= r < k -> 0 <= o < m -> 0 <= cell a r o < n.
Proof.
  destruct ok as (?&?&?&?&?&?). intros m E. unfold inside in E. cbv zeta in E.
  apply andb_true_iff in E as [E F]. apply Z.eqb_eq in E. apply Z.ltb_lt in F. split; [assumption|].
  intros. unfold cell. nia.
Qed.

(** An axis made from the options of a layer has these options, each in its place. *)
Theorem options_arrive : forall cells kernel_size stride padding dilation ceil_mode,
  relation cells kernel_size stride padding dilation ceil_mode
    = Axis cells kernel_size stride padding dilation ceil_mode 0.
Proof. reflexivity. Qed.
End Outputs.
