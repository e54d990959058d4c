/** The network that all simulated nodes share: addresses, and who listens where. */
export class ClusterNetwork {
  readonly #listeners = new Map<string, Listener>();

  listen(ip: string, port: number, listener: Listener): void {
    this.#listeners.set(`${ip}:${port}`, listener);
  }

  close(ip: string, port: number): void {
    this.#listeners.delete(`${ip}:${port}`);
  }

  listenerAt(ip: string, port: number): Listener | null {
    return this.#listeners.get(`${ip}:${port}`) ?? null;
  }
}

export interface Listener {
  answer(path: string): {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}
