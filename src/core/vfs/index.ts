export type { FileOwnership, NodeFiles } from "./node-files.js";
export { StandInFiles } from "./stand-in-files.js";
