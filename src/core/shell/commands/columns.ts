/** Names down the columns of a screen, as ls shows them (coreutils/ls.c display_files). */
export function layOutColumns(names: readonly string[], screenWidth: number): string {
  const widest = names.reduce((most, name) => Math.max(most, name.length), 0) + 2;
  const columns = Math.max(1, Math.floor(screenWidth / widest));
  const rows = Math.ceil(names.length / columns);
  let text = "";
  for (let row = 0; row < rows; row += 1) {
    let line = "";
    let position = 0;
    for (let index = row, column = 0; index < names.length; index += rows, column += 1) {
      const target = column * widest;
      line += " ".repeat(Math.max(0, target - position)) + (names[index] ?? "");
      position = target + (names[index]?.length ?? 0);
    }
    text += `${line}\n`;
  }
  return text;
}
