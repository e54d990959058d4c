/** An operation of the API as both versions of OpenAPI tell it. */
export interface ApiOperation {
  readonly method: "get" | "put" | "post" | "delete" | "patch";
  readonly operationId: string;
  readonly description: string;
  readonly tag: string;
  /** Query parameters of this operation alone. */
  readonly parameters: readonly ApiParameter[];
  readonly body?: ApiBody;
  readonly produces: readonly string[];
  /** What each success code is answered with. */
  readonly responses: Readonly<Record<string, ApiContent>>;
  readonly action?: KubernetesAction;
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
}

export type KubernetesAction =
  | "get"
  | "list"
  | "watch"
  | "watchlist"
  | "post"
  | "put"
  | "patch"
  | "delete"
  | "deletecollection"
  | "connect";

export interface ApiBody {
  readonly consumes: readonly string[];
  /** Name of its schema. */
  readonly schema: string;
  readonly required: boolean;
}

/** The name of a schema, or plain text. */
export type ApiContent = { readonly schema: string } | { readonly text: true };

export interface ApiParameter {
  readonly name: string;
  readonly in: "path" | "query";
  readonly type: "string" | "boolean" | "integer";
  readonly description: string;
}

export interface ApiPath {
  readonly path: string;
  /** Parameters of all of its operations. */
  readonly parameters: readonly ApiParameter[];
  readonly operations: readonly ApiOperation[];
}
