// What `nest build` compiled, put into two files: a start that opens some 2,500 modules spends most of its time on opening them.
import { readFile } from "node:fs/promises";
import { defineConfig } from "rolldown";

/** Our own code keeps its way back to the TypeScript; a trace into a package names the line of the bundle, which is not minified. */
const VENDOR = "vendor";

/** Native, or asked for its own path when it is loaded. */
const STAYS_OUTSIDE = ["sqlite3", "reflect-metadata", "app-root-path", "thread-stream"];

/** Nest and TypeORM load these only when an application uses them. Ours does not, so they are not installed. */
const isInstalled = (warning) => warning.code !== "UNRESOLVED_IMPORT";

/** tsc's map of each module, so that the bundle's map leads to the TypeScript. */
const sourceMaps = {
  name: "maps of the compiled modules",
  load: {
    filter: { id: /dist\/modules\/.*\.js$/ },
    async handler(id) {
      const [code, map] = await Promise.all([readFile(id, "utf8"), readFile(`${id}.map`, "utf8")]);
      return { code, map };
    },
  },
};

/** TypeORM loads every driver that it has. Its own bundle for browsers leaves them out in the same way. */
const oneDriver = {
  name: "no driver but SQLite's",
  load: {
    filter: {
      id: /typeorm\/driver\/(?!sqlite(-abstract)?\/)[^/]+\/[A-Za-z0-9]+Driver(Factory)?\.js$/,
    },
    handler: (id) => {
      const name = /([A-Za-z0-9]+)\.js$/.exec(id)[1];
      return `exports.${name} = class ${name} {
  constructor() { throw new Error("${name} is not part of this build"); }
};`;
    },
  },
};

/** @nestjs/typeorm asks for TypeORM at run time, past the bundle, which would load all of it a second time. */
const oneTypeOrm = {
  name: "one TypeORM",
  load: {
    filter: { id: /@nestjs\/typeorm\/dist\/common\/typeorm-compat\.js$/ },
    handler: () => `export { Connection, AbstractRepository } from "typeorm";`,
  },
};

/** Node reads the map of each file that it loads with --enable-source-maps: the packages' is by far the largest, and of no use to us. */
const ownMapOnly = {
  name: "no map of the packages",
  generateBundle(_options, bundle) {
    delete bundle[`${VENDOR}.js.map`];
    const vendor = bundle[`${VENDOR}.js`];
    vendor.code = vendor.code.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  },
};

export default defineConfig({
  input: "dist/modules/src/main.js",
  platform: "node",
  external: STAYS_OUTSIDE,
  plugins: [sourceMaps, oneDriver, oneTypeOrm, ownMapOnly],
  onLog: (level, log, handle) => {
    if (isInstalled(log)) handle(level, log);
  },
  output: {
    dir: "dist/src",
    cleanDir: true,
    format: "esm",
    // Nest and TypeORM know classes by their names.
    keepNames: true,
    sourcemap: true,
    sourcemapExcludeSources: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    codeSplitting: { groups: [{ name: VENDOR, test: /node_modules/ }] },
  },
});
