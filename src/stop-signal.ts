import { EXIT_STOPPED } from "./process-end.js";

/** SIGTERM or SIGINT. Until the service is ready there is nothing to finish, and a signal ends the process at once. */
export class StopSignal {
  readonly received: Promise<void>;
  isReady = false;

  constructor() {
    this.received = new Promise((resolve) => {
      for (const name of ["SIGTERM", "SIGINT"] as const) {
        process.once(name, () => {
          if (!this.isReady) process.exit(EXIT_STOPPED);
          resolve();
        });
      }
    });
  }
}
