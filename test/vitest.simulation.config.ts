import { defineConfig } from "vitest/config";

/** Random clusters from many seeds: `npm run simulate`. Runs beside the other tests, so that those stay quick. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["test/simulation/*.sim.ts"],
    testTimeout: 60_000,
    pool: "threads",
  },
});
