export { pingSchema, serverMessageSchema, subscribeSchema, unsubscribeSchema } from "./messages.js";
export { StreamAdapter } from "./stream-adapter.js";
export { StreamingModule } from "./streaming.module.js";
