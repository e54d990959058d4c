export type * from "./api-request.js";
