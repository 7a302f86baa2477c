#!/usr/bin/env bash
# Runs `cnnbp check` with what the action was given, shows what it says beside the job, and fails without a verdict.
set -u

call=(cnnbp check)
while IFS= read -r layer; do
  [ -z "$layer" ] || call+=("$layer")
done <<< "$LAYERS"
while IFS= read -r shape; do
  [ -z "$shape" ] || call+=(--shape "$shape")
done <<< "$SHAPES"
[ -z "$LIKE" ] || call+=(--like "$LIKE")
[ -z "$EXAMPLES" ] || call+=(--examples "$EXAMPLES")
[ -z "$SEED" ] || call+=(--seed "$SEED")
rm -f "$OUT/evidence.json" "$OUT/index.html"

said=$("${call[@]}" --out "$OUT")
status=$?
printf '%s\n' "$said"
{
  printf '%s\n' '## cnnbp' ''
  printf '%s\n' "$said" | sed 's/^/    /' # an indented block: nothing in it is markup
} >> "${GITHUB_STEP_SUMMARY:-/dev/null}"

if [ "$status" -eq 0 ] && ! { [ -s "$OUT/evidence.json" ] && [ -s "$OUT/index.html" ]; }; then
  echo "::error::cnnbp produced no verdict: there is no evidence in $OUT"
  status=1
fi
exit "$status"
