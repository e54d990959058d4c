export type * from "./api-request.js";
export { bootstrap } from "./bootstrap.js";
export { EventTtl } from "./event-ttl.js";
export { LocalClient } from "./local-client.js";
export { Registry } from "./registry.js";
export { asServed } from "./versions.js";
