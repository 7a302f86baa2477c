(** MaxPool2d, on numbers that are ordered: its forward, its search for winners, and its backward at these
    winners. Every map (a sample's channel) by itself. *)
From Coq Require Import ZArith Bool Lia List Ring.
From cnnbp Require Import Axis Relation Outputs Tap PoolingAxis Sums Line Plane Contraction Loops.
Open Scope Z_scope.

Section MaxPooling.
Context {A : commutative_ring}.
Add Ring A_ring : (laws A).
Variables h v : axis.
Hypothesis (rows_ok : sensible h) (columns_ok : sensible v).

(** Comparison: any two numbers compare, one way or the other, and [equal] is equality. *)
Variables less_or_equal equal : A -> A -> bool.
Hypothesis total : forall a b, less_or_equal a b = false -> less_or_equal b a = true.
Hypothesis transitive : forall a b c, less_or_equal a b = true -> less_or_equal b c = true ->
  less_or_equal a c = true.
Hypothesis equality : forall a b, equal a b = true <-> a = b.
Definition maximum (a b : A) : A := if less_or_equal a b then b else a.

(** forward: y[o] = x at the window's first input; for o, t, i in T: y[o] = max(y[o], x[i]). *)
Definition first_cell (o : Z * Z) : Z * Z :=
  match first_inputs h (fst o), first_inputs v (snd o) with Some i, Some j => (i, j) | _, _ => (0, 0) end.
Definition max_forward (x : Z * Z -> A) : Z * Z -> A :=
  loop (taps h v) (fun t => at_outputs h v t maximum x) (fun o => x (first_cell o)).

(** backward: for o, t, i in T: a window that nobody has won yet is won by i if x[i] is its maximum (or not
    even equal to itself, as NaN); i gets delta[o]. Of each output the state has: still unclaimed, the
    maximum, won at this tap. *)
Definition claim : bool * A * bool -> A -> bool * A * bool := fun '(unclaimed, y, _) x =>
  let wins := unclaimed && (equal x y || negb (equal x x)) in (xorb unclaimed wins, y, wins).
Definition hand_out (x delta : Z * Z -> A) (t : Z * Z) : (Z * Z -> bool * A * bool) * (Z * Z -> A) -> _ :=
  fun '(claims, d) =>
  let claims := at_outputs h v t claim x claims in
  (claims, at_inputs h v t (fun a b => a + b)%ring (fun o => on (snd (claims o)) (delta o)) d).
Definition max_dx (x delta : Z * Z -> A) : Z * Z -> A :=
  snd (loop (taps h v) (hand_out x delta) (fun o => (true, max_forward x o, false), fun _ => 0%ring)).

(** The winner of a window: the place of its first tap, in row-major order, whose input is the maximum. *)
Definition wins x o t : bool := seen h v t o && equal (x (place h v t o)) (max_forward x o).
Definition winner x o : Z * Z :=
  match List.find (wins x o) (taps h v) with Some t => place h v t o | None => first_cell o end.

(** Every window sees an input, or the layer raises an error. *)
Hypothesis all_see : forall o, In o (outputs_of_plane h v) ->
  first_inputs h (fst o) <> None /\ first_inputs v (snd o) <> None.

Lemma itself : forall a, less_or_equal a a = true.
Proof. intros a. destruct (less_or_equal a a) eqn:E; [reflexivity|]. rewrite <- E. now apply total. Qed.
Lemma maximum_left : forall a b, less_or_equal a (maximum a b) = true.
Proof. intros a b. unfold maximum. destruct (less_or_equal a b) eqn:E; [assumption|apply itself]. Qed.
Lemma maximum_right : forall a b, less_or_equal b (maximum a b) = true.
Proof. intros a b. unfold maximum. destruct (less_or_equal a b) eqn:E; [apply itself|now apply total]. Qed.

Lemma first_cell_is_seen : forall o, In o (outputs_of_plane h v) ->
  exists t, In t (taps h v) /\ seen h v t o = true /\ place h v t o = first_cell o.
Proof.
  intros o Ho. destruct (all_see o Ho) as [H V]. unfold first_cell, taps, seen, place.
  pose proof (first_input_is_the_first_one_met h rows_ok (fst o)) as P.
  pose proof (first_input_is_the_first_one_met v columns_ok (snd o)) as Q.
  destruct (first_inputs h (fst o)); [|contradiction]. destruct (first_inputs v (snd o)); [|contradiction].
  destruct P as (Hi & (r & Hr & ->) & _), Q as (Hj & (s & Hs & ->) & _). exists (r, s). cbn [fst snd].
  rewrite in_prod_iff, !in_range. split; [auto|]. split; [|reflexivity]. by_cases; lia || reflexivity.
Qed.

Lemma running_maximum : forall x o, In o (outputs_of_plane h v) -> forall l y,
  let m := loop l (fun t => at_outputs h v t maximum x) y o in
  less_or_equal (y o) m = true /\
  (forall t, In t l -> seen h v t o = true -> less_or_equal (x (place h v t o)) m = true) /\
  (m = y o \/ exists t, In t l /\ seen h v t o = true /\ m = x (place h v t o)).
Proof.
  intros x o Ho. unfold loop. induction l as [|t l IH]; intros y.
  - cbn. split; [apply itself|]. split; [contradiction|auto].
  - cbn [fold_left]. specialize (IH (at_outputs h v t maximum x y)). cbv zeta in *.
    destruct IH as (I1 & I2 & I3).
    rewrite (at_outputs_is h v rows_ok columns_ok) in I1, I3 by assumption. destruct (seen h v t o) eqn:S.
    + split; [eapply transitive; [apply maximum_left|exact I1]|]. split.
      * intros t' [<-|H] S'; [eapply transitive; [apply maximum_right|exact I1]|now apply I2].
      * destruct I3 as [->|(t' & ? & ? & E)]; [|right; exists t'; cbn; auto].
        unfold maximum. destruct (less_or_equal (y o) _); [right; exists t; cbn; auto|left; reflexivity].
    + split; [assumption|]. split; [intros t' [<-|H] S'; [congruence|now apply I2]|].
      destruct I3 as [->|(t' & ? & ? & E)]; [auto|right; exists t'; cbn; auto].
Qed.

(** Max pooling takes of each window an input that it sees, none of the others being larger. *)
Theorem max_pooling_takes_the_largest : forall x o, In o (outputs_of_plane h v) ->
  (exists t, In t (taps h v) /\ seen h v t o = true /\ max_forward x o = x (place h v t o)) /\
  forall t, In t (taps h v) -> seen h v t o = true ->
    less_or_equal (x (place h v t o)) (max_forward x o) = true.
Proof.
  intros x o Ho. destruct (running_maximum x o Ho (taps h v) (fun o => x (first_cell o))) as (_ & I2 & I3).
  split; [|exact I2].
  destruct I3 as [E|E]; [|exact E]. destruct (first_cell_is_seen o Ho) as (t & Ht & S & P). exists t.
  rewrite P. auto.
Qed.

(** The winner of a window of max pooling is one of its inputs, and it has the maximum. *)
Theorem winner_has_the_maximum : forall x o, In o (outputs_of_plane h v) ->
  x (winner x o) = max_forward x o /\
  exists t, List.find (wins x o) (taps h v) = Some t /\ seen h v t o = true /\ winner x o = place h v t o.
Proof.
  intros x o Ho. unfold winner. destruct (List.find (wins x o) (taps h v)) as [t|] eqn:E.
  - apply List.find_some in E as [_ E]. unfold wins in E. apply andb_true_iff in E as [S E].
    apply equality in E.
    split; [assumption|]. exists t. auto.
  - destruct (max_pooling_takes_the_largest x o Ho) as ((t & Ht & S & M) & _).
    apply (List.find_none _ _) with (x := t) in E; [|assumption]. unfold wins in E. rewrite S in E.
    cbn [andb] in E.
    exfalso. apply not_true_iff_false in E. apply E. now apply equality.
Qed.

(** backward hands each output's residual to its winner, and to no other input. *)
Lemma max_dx_is : forall x delta i, In i (cells h v) ->
  max_dx x delta i = sum (outputs_of_plane h v) (fun o => match List.find (wins x o) (taps h v) with
    Some t => on (meet h v (at_tap t o) i) (delta o) | None => 0%ring end).
Proof.
  intros x delta i Hi. unfold max_dx.
  enough (E : forall l claims d, (forall o, In o (outputs_of_plane h v) -> snd (fst (claims o))
    = max_forward x o) ->
    snd (loop l (hand_out x delta) (claims, d)) i = (d i + sum (outputs_of_plane h v)
      (fun o => on (fst (fst (claims o)))
      (match List.find (wins x o) l with Some t => on (meet h v (at_tap t o) i) (delta o) | None => 0
        end)))%ring)
    by (rewrite E by reflexivity; cbv beta; cbn [fst snd on]; ring).
  unfold loop. induction l as [|t l IH]; intros claims d Y.
  - cbn [fold_left snd List.find]. rewrite sum_zero; [ring|]. intros o _.
    destruct (fst (fst (claims o))); reflexivity.
  - cbn [fold_left]. unfold hand_out at 2. cbv zeta.
    assert (S : forall o, In o (outputs_of_plane h v) -> at_outputs h v t claim x claims o =
      if seen h v t o then (fst (fst (claims o)) && negb (wins x o t), max_forward x o,
        fst (fst (claims o)) && wins x o t) else claims o).
    { intros o Ho. rewrite (at_outputs_is h v rows_ok columns_ok) by assumption. specialize (Y o Ho).
      unfold wins.
      destruct (seen h v t o); [|reflexivity]. destruct (claims o) as [[free y] w]. cbn in Y. subst y. cbn.
      rewrite (proj2 (equality _ _) eq_refl). cbn. rewrite orb_false_r.
      destruct free, (equal _ _); reflexivity. }
    rewrite IH.
    + rewrite (adding_at_inputs_is h v rows_ok columns_ok) by assumption.
      match goal with |- (d i + ?a + ?b = d i + ?c)%ring => enough (E : (a + b = c)%ring) by (rewrite <- E;
        ring) end.
      rewrite <- sum_add. apply sum_ext. intros o Ho. rewrite (S o Ho). cbn [List.find].
      destruct (meet h v (at_tap t o) i) eqn:M.
      * destruct (meets_its_place h v t o i Hi) as [X _]. destruct (X M) as [-> _].
        cbn [fst snd]. destruct (fst (fst (claims o))), (wins x o t); rewrite ?M; cbn [on andb negb]; ring.
      * destruct (seen h v t o) eqn:Se; cbn [fst snd].
        -- destruct (fst (fst (claims o))), (wins x o t); rewrite ?M; cbn [on andb negb]; ring.
        -- replace (wins x o t) with false by (unfold wins; now rewrite Se). cbn [on]. ring.
    + intros o Ho. rewrite (S o Ho). destruct (seen h v t o); [reflexivity|auto].
Qed.

(** As long as each window's winner stays its maximum, as it does on small steps where no other input is as
    large, the dx of max pooling is the gradient: J grows by the sum of dx[i] u[i], without remainder. *)
Theorem max_pooling_gradient_at_winner : forall x u delta,
  let moved := (fun i => x i + u i)%ring in
  (forall o, In o (outputs_of_plane h v) -> max_forward moved o = moved (winner x o)) ->
  dot (outputs_of_plane h v) (max_forward moved) delta
  = (dot (outputs_of_plane h v) (max_forward x) delta + dot (cells h v) (max_dx x delta) u)%ring.
Proof.
  intros x u delta moved H.
  transitivity (dot (outputs_of_plane h v) (max_forward x) delta + sum (outputs_of_plane h v)
    (fun o => u (winner x o) * delta o)%ring)%ring.
  - unfold dot. rewrite <- sum_add. apply sum_ext. intros o Ho. rewrite H by assumption.
    destruct (winner_has_the_maximum x o Ho) as [<- _]. unfold moved. ring.
  - f_equal. unfold dot. transitivity (sum (outputs_of_plane h v) (fun o => sum (cells h v) (fun i =>
      (match List.find (wins x o) (taps h v) with Some t => on (meet h v (at_tap t o) i) (delta o) | None =>
        0 end * u i)%ring))).
    + apply sum_ext. intros o Ho. destruct (winner_has_the_maximum x o Ho) as [_ (t & -> & S & ->)].
      transitivity (sum (cells h v) (fun i => on (meet h v (at_tap t o) i) (delta o * u i)%ring)).
      * rewrite (sum_of_met h v t o (fun i => delta o * u i)%ring), S. cbn [on]. ring.
      * apply sum_ext. intros. apply on_left.
    + rewrite sum_swap. apply sum_ext. intros i Hi. now rewrite max_dx_is, sum_right.
Qed.
End MaxPooling.
