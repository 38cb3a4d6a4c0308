/** The same function, which keeps its last answer: what comes one after the other is mostly asked for again. */
export function remembered<Key extends string, Answer>(answerTo: (key: Key) => Answer): (key: Key) => Answer {
  let last: Key | undefined;
  let answer: Answer;
  return (key) => {
    if (key !== last) {
      answer = answerTo(key);
      last = key;
    }
    return answer;
  };
}
