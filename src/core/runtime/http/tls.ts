const encoder = new TextEncoder();

/**
 * What stands for TLS on the simulated network, where nobody listens in: a greeting and its answer, then plain bytes. The first bytes are those of a real
 * ClientHello and ServerHello record, so that either side sees when the other speaks no TLS.
 */
export const TLS_HELLO = encoder.encode("\x16\x03\x01 hello\n");
export const TLS_REPLY = encoder.encode("\x16\x03\x03 hello\n");

export const startsWithTlsHello = (bytes: Uint8Array): boolean => startsWith(bytes, TLS_HELLO);
export const startsWithTlsReply = (bytes: Uint8Array): boolean => startsWith(bytes, TLS_REPLY);

const startsWith = (bytes: Uint8Array, prefix: Uint8Array): boolean =>
  bytes.length >= prefix.length && prefix.every((byte, at) => bytes[at] === byte);
