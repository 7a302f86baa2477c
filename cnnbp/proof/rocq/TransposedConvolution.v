(** ConvTranspose2d: the same contractions in exchanged roles. x has the cells of T's outputs, y those of
    its inputs: forward folds, backward unfolds. K are the input channels, C the output channels of each
    group. *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap Sums Line Plane Contraction Convolution.
Open Scope Z_scope.

Section TransposedConvolution.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).
Variables samples groups K C : Z.
Hypothesis (groups_ok : 1 <= groups) (K_ok : 1 <= K) (C_ok : 1 <= C).

Notation xs := (conv_outputs h v samples groups K).
Notation taps := (conv_taps h v groups K C).
Notation ys := (conv_inputs h v samples groups C).

(** forward: y = fold(w^T @ x) + b; backward: dx = w @ unfold(delta), dw = x @ unfold(delta)^T, db = delta
    summed. *)
Definition transposed_forward (x w : Z * Z * Z * Z -> A) (b : Z -> A) : Z * Z * Z * Z -> A :=
  fun '(n, k, i, j) => (dx h v K C x w (n, k, i, j) + b k)%ring.
Definition transposed_dx (delta w : Z * Z * Z * Z -> A) : Z * Z * Z * Z -> A :=
  forward h v K C delta w (fun _ => 0%ring).
Definition transposed_dw (delta x : Z * Z * Z * Z -> A) : Z * Z * Z * Z -> A := dw h v samples K C x delta.
Definition transposed_db (delta : Z * Z * Z * Z -> A) (k : Z) : A :=
  sum (range samples) (fun n => sum (cells h v) (fun '(i, j) => delta (n, k, i, j))).

Notation residual_against_output x w b delta := (dot ys (transposed_forward x w b) delta).

Lemma transposed_output_splits : forall x w b delta, residual_against_output x w b delta
  = (dot ys (contract_input xs taps (conv_T h v K C) w x) delta
     + dot (range (groups * C)) (transposed_db delta) b)%ring.
Proof.
  intros. transitivity (dot ys (contract_input xs taps (conv_T h v K C) w x) delta
    + sum ys (fun '(n, k, i, j) => b k * delta (n, k, i, j))%ring)%ring.
  - unfold dot. rewrite <- sum_add. apply sum_ext. intros [[[n k] i] j] H. unfold transposed_forward.
    rewrite (residual_contracts_T h v rows_ok columns_ok samples groups K C) by assumption. ring.
  - f_equal. unfold dot, transposed_db, conv_inputs, cells. rewrite !sum_pairs, sum_swap. apply sum_ext.
    intros k _. rewrite <- sum_right.
    apply sum_ext. intros n _. rewrite <- sum_right, sum_pairs. apply sum_ext. intros i _. apply sum_ext.
    intros j _. ring.
Qed.

(** The transposed convolution's dx, dw and db are its gradients by input, kernel and bias. *)
Theorem transposed_convolution_gradient : forall x w b delta,
  gradient_of xs (fun x => residual_against_output x w b delta) x (transposed_dx delta w) /\
  gradient_of taps (fun w => residual_against_output x w b delta) w (transposed_dw delta x) /\
  gradient_of (range (groups * C)) (fun b => residual_against_output x w b delta) b (transposed_db delta).
Proof.
  intros x w b delta. set (bias := dot (range (groups * C)) (transposed_db delta) b). repeat split.
  - apply (gradient_of_linear _ _ _ _ bias). intros. rewrite transposed_output_splits. fold bias. f_equal.
    rewrite <- forward_against_input. apply dot_ext. intros o Ho. unfold transposed_dx.
    rewrite (convolution_contracts_T h v rows_ok columns_ok samples groups K C) by assumption. ring.
  - apply (gradient_of_linear _ _ _ _ bias). intros. rewrite transposed_output_splits. fold bias. f_equal.
    rewrite <- forward_against_input, forward_against_weight. apply dot_ext. intros. unfold transposed_dw.
    now rewrite (kernel_gradient_contracts_T h v rows_ok columns_ok samples groups K C).
  - apply (gradient_of_linear _ _ _ _ (dot ys (contract_input xs taps (conv_T h v K C) w x) delta)). intros.
    rewrite transposed_output_splits. ring.
Qed.
End TransposedConvolution.
