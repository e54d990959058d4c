import { CORE_PACKAGES, MAY_IMPORT } from "./test/architecture/may-import.mjs";

const SPEC = "\\.spec\\.ts$|/testing/";

/** Migrations lie beside src. */
const pathOf = (folder) => (folder === "migrations" ? "^migrations/" : `^src/${folder}/`);

const directions = Object.entries(MAY_IMPORT).map(([folder, allowed]) => ({
  name: `${folder} imports only what it may`,
  severity: "error",
  from: { path: `^src/${folder}/`, pathNot: SPEC },
  to: {
    path: "^(src|migrations|test)/",
    pathNot: [`^src/${folder}/`, ...allowed.map(pathOf)],
  },
}));

const doors = Object.keys(MAY_IMPORT).map((folder) => ({
  name: `${folder} is entered through its index.ts`,
  severity: "error",
  from: { path: "^src/", pathNot: [`^src/${folder}/`, "^src/(app\\.module|main)\\.ts$", SPEC] },
  to: { path: `^src/${folder}/`, pathNot: `^src/${folder}/index\\.ts$` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...directions,
    ...doors,
    {
      name: "no cycles",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "the core uses no Node module",
      severity: "error",
      from: { path: "^src/core/", pathNot: SPEC },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "the core uses only pure packages",
      severity: "error",
      from: { path: "^src/core/", pathNot: SPEC },
      to: { path: "node_modules", pathNot: CORE_PACKAGES.map((name) => `node_modules/${name}/`) },
    },
    {
      name: "no test code in the product",
      severity: "error",
      from: { path: "^(src|migrations)/", pathNot: SPEC },
      to: { path: "^test/" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
    exclude: { path: "^dist/" },
  },
};
