/** The machine a kubelet runs on. Quantities as in Kubernetes. */
export interface KubeletNode {
  readonly name: string;
  readonly ip: string;
  readonly capacity: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly {
    readonly key: string;
    readonly value?: string;
    readonly effect: string;
  }[];
}
