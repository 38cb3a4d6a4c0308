/** What stands on the pages, view by view. */
export interface ViewTexts {
  readonly overview: {
    readonly company: string;
    readonly number: string;
    readonly asksFor: string;
    readonly lastNight: string;
    readonly nothing: string;
    readonly retry: string;
    readonly person: string;
    readonly unknown: string;
  };
}
