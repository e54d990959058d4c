import { isStatusError } from "../api/index.js";
import type { Call } from "../engine/index.js";

/** A write whose object may have changed or gone meanwhile: the watch event of that brings the reconciler back, so a refusal is no failure. */
export function* ignoreRefusal(call: Call<unknown>): Call<void> {
  try {
    yield* call;
  } catch (error) {
    if (!isStatusError(error)) throw error;
  }
}
