/** Whether it is the name of a file in a folder: joined to the folder it never leads out of it. */
export function isNameInFolder(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\]/.test(name);
}
