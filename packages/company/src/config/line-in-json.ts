/**
 * The line of a field in JSON that is known to be right, counted from 1; of what it stands in where it is not there itself.
 */
export function lineInJson(text: string, path: readonly PropertyKey[]): number | undefined {
  const places = placesOf(text, path.map(String));
  const place = places.findLast((position) => position !== undefined);
  return place === undefined ? undefined : text.slice(0, place).split('\n').length;
}

/** The position of each step of the path, as far as it goes. */
function placesOf(text: string, path: readonly string[]): number[] {
  const places: number[] = [];
  // What each open bracket holds: the name or number of its value that is being read.
  const open: { key: string; index: number; readonly isList: boolean }[] = [];
  const step = (position: number): void => {
    const depth = open.length;
    const isOnPath = places.length === depth - 1 && open.every(({ key }, at) => key === path[at]);
    if (isOnPath && depth <= path.length) places.push(position);
  };
  let expectsName = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    const holder = open.at(-1);
    if (character === '"') {
      const end = endOfString(text, at);
      if (holder !== undefined && expectsName) {
        holder.key = String(JSON.parse(text.slice(at, end + 1)));
        expectsName = false;
        step(at);
      }
      at = end;
    } else if (character === '{' || character === '[') {
      const isList = character === '[';
      open.push({ key: isList ? '0' : '', index: 0, isList });
      expectsName = !isList;
      if (isList) step(at + 1 + (text.slice(at + 1, at + 1_000).match(/^\s*/)?.[0].length ?? 0));
    } else if (character === '}' || character === ']') {
      open.pop();
      expectsName = false;
    } else if (character === ',' && holder !== undefined) {
      expectsName = !holder.isList;
      if (!holder.isList) continue;
      holder.index += 1;
      holder.key = String(holder.index);
      step(at + 1 + (text.slice(at + 1, at + 1_000).match(/^\s*/)?.[0].length ?? 0));
    }
  }
  return places;
}

/** Where text that is no JSON begins to be none, as far as words tell: the first that is no string, number or literal. */
export function firstStrangeWord(text: string): number | undefined {
  const word = /[\s{}[\],:]+|-?\d[\d.eE+-]*|true|false|null/y;
  let at = 0;
  while (at < text.length) {
    word.lastIndex = at;
    if (text[at] === '"') at = endOfString(text, at) + 1;
    else if (word.test(text)) at = word.lastIndex;
    else return at;
  }
  return undefined;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
