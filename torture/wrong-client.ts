export const MISTAKES = [] as const
export type Mistake = string
