import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A path for a database in a folder of its own, which is gone after the test. */
export const temporaryDatabase = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "peapod-test-"));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, "peapod.sqlite");
};
