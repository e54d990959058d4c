import { errnoText } from "../runtime/index.js";
import { SysError } from "../vfs/index.js";
import { ConfigError } from "./config-reader.js";

/** What a pod's user sees of a failure to prepare something for it on the node: a wrong configuration, or a disk that refused. Throws what is neither. */
export const configProblem = (error: unknown): string => {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof SysError)) throw error;
  const reason = errnoText(error.errno);
  return error.detail === "" ? reason : `${error.detail}: ${reason}`;
};
