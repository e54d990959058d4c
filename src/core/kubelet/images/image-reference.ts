/** distribution/reference, v0.6: the grammar of image names. */
const DOMAIN_COMPONENT = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const DOMAIN = `(?:${DOMAIN_COMPONENT}(?:\\.${DOMAIN_COMPONENT})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const PATH_COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const NAME = `(?:${DOMAIN}/)?${PATH_COMPONENT}(?:/${PATH_COMPONENT})*`;
const TAG = "[\\w][\\w.-]{0,127}";
const DIGEST = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const REFERENCE = new RegExp(`^(${NAME})(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const HEX_ID = /^[a-f0-9]{64}$/;
const NAME_LIMIT = 255;

export type ImageReference =
  | { readonly error: null; readonly name: string; readonly tag: string; readonly digest: string }
  | { readonly error: string };

/** Takes an image name apart, as `ParseNormalizedNamed` does; `tag` and `digest` are empty when not given. */
export function parseImageReference(image: string): ImageReference {
  if (HEX_ID.test(image)) {
    return {
      error: `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`,
    };
  }
  const match = REFERENCE.exec(image);
  if (match !== null) {
    const name = match[1] ?? "";
    if (name.length > NAME_LIMIT) return { error: NAME_TOO_LONG };
    return { error: null, name, tag: match[2] ?? "", digest: match[3] ?? "" };
  }
  const isUpperCaseOnly = REFERENCE.test(lowerCasePath(image));
  return { error: isUpperCaseOnly ? UPPER_CASE(pathOf(image)) : "invalid reference format" };
}

const NAME_TOO_LONG = `repository name must not be more than ${String(NAME_LIMIT)} characters`;
const UPPER_CASE = (path: string): string =>
  `invalid reference format: repository name (${path}) must be lowercase`;

/** What stands before the tag, with the default domain's `library/` in front of a bare name. */
function pathOf(image: string): string {
  const name = image.replace(/@.*$/, "").replace(/:[^/]*$/, "");
  return name.includes("/") ? name.replace(new RegExp(`^${DOMAIN}/`), "") : `library/${name}`;
}

function lowerCasePath(image: string): string {
  const at = /[:@][^/]*$/.exec(image)?.index ?? image.length;
  return image.slice(0, at).toLowerCase() + image.slice(at);
}

/** Puts `:latest` behind a name with neither tag nor digest. pkg/util/parsers/parsers.go and images/image_manager.go, 1.34. */
export function withDefaultTag(
  image: string,
): { readonly error: null; readonly image: string } | { readonly error: string } {
  const reference = parseImageReference(image);
  if (reference.error !== null) {
    return { error: `couldn't parse image name "${image}": ${reference.error}` };
  }
  const isBare = reference.tag === "" && reference.digest === "";
  return { error: null, image: isBare ? `${image}:latest` : image };
}
