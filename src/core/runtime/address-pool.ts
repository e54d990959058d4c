/** Hands out the addresses of one node's pod range, lowest first, wrapping round, as the host-local CNI plugin does. */
export class AddressPool {
  readonly #base: number;
  readonly #size: number;
  readonly #taken = new Set<number>();
  #last = 1;

  /** @param cidr for example `10.244.1.0/24`; the first two addresses (network, gateway) and the last (broadcast) are not given out. */
  constructor(readonly cidr: string) {
    const [address = "", prefix = "24"] = cidr.split("/");
    const size = 2 ** (32 - Number(prefix));
    this.#base = toNumber(address) & ~(size - 1);
    this.#size = size;
  }

  get gateway(): string {
    return toText(this.#base + 1);
  }

  /** Null when every address is taken. */
  take(): string | null {
    const usable = this.#size - 3;
    for (let tries = 0; tries < usable; tries += 1) {
      this.#last = this.#last + 1 >= this.#size - 1 ? 2 : this.#last + 1;
      if (this.#taken.has(this.#last)) continue;
      this.#taken.add(this.#last);
      return toText(this.#base + this.#last);
    }
    return null;
  }

  release(address: string): void {
    this.#taken.delete(toNumber(address) - this.#base);
  }
}

const toNumber = (address: string): number =>
  address.split(".").reduce((value, part) => ((value << 8) | Number(part)) >>> 0, 0) | 0;

const toText = (value: number): string =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join(".");
