const REFLECTED_POLYNOMIAL = 0xedb88320;

const REFLECTED_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1)
    value = (value & 1) === 1 ? (value >>> 1) ^ REFLECTED_POLYNOMIAL : value >>> 1;
  return value;
});

/** The CRC that gzip, zip and PNG use, from 0xffffffff on; its complement is what they write. */
export function reflectedUpdate(crc: number, bytes: Uint8Array): number {
  let value = crc;
  for (const byte of bytes) value = (value >>> 8) ^ (REFLECTED_TABLE[(value ^ byte) & 255] ?? 0);
  return value;
}
