import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["src/**/*.spec.ts", "test/**/*.spec.ts"],
    exclude: ["**/node_modules/**", "dist/**", "test/e2e/**"],
    // Virtual time does not wait; a loaded machine may.
    testTimeout: 60_000,
    pool: "threads",
    isolate: false,
  },
});
