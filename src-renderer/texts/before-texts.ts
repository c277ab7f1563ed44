// What is said where no catalogue could be had, in both languages. Must import nothing.

export const beforeTexts = {
  notLoaded: '마루를 불러오지 못했어요.\nMaru could not be loaded.',
  reload: '다시 불러오기 · Reload'
} as const
