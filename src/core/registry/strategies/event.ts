import type { Event } from "../../api/index.js";
import type { Strategy } from "../strategy.js";

/** pkg/registry/core/event/strategy.go, 1.34. Its time to live is event-ttl.ts's duty. */
export const eventStrategy: Strategy<Event> = {
  createsOnUpdate: true,
};
