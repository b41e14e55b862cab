import type { RequestWords } from '../request-words.ts'

export const ja: RequestWords = {
  title: '申請',
  waiting: (n) => `${n} 人が承認を待っています`,
  next: '次のページ',
  first: '最初のページへ戻る',
  none: [
    '待っている人はいません',
    'リンクを求めたものの、まだサインインできない人がここに表示されます。申請は有効です。',
  ],
  off: [
    '申請は無効です',
    '誰も申請できません。有効にするには、両方の Worker で ACCESS_REQUESTS を「on」にしてデプロイしてください。',
  ],
  since: '待機開始',
  asked: '申請回数',
  times: (n) => `${n} 回`,
  last: (when) => `最後は${when}`,
  device: '端末',
  from: 'IP アドレス',
  channel: 'SMS',
  channelName: '希望の方法',
  until: '期限',
  approve: '承認する',
  approveLead: '待っている端末のためのリンクがすぐに送られます。',
  decline: '却下…',
  declineLead:
    '本人には通知されません。同じアドレスが再び申請しても、14 日間はここに表示されません。',
  already: '承認済み',
  alreadyLead: 'このアドレスはすでに承認されています。本人の端末はまだリンクを待っています。',
  sendLink: 'リンクを送る',
  notApproved:
    'このアドレスは現在承認されていません。何も送信していません。下で申請を判断してください。',
  decide: '申請を判断する',
  waitsForDecision: 'このアドレスからの申請が判断を待っています。',
  waitsForLink: 'このアドレスは承認済みですが、申請した端末はまだリンクを待っています。',
  done: {
    approved: (email) =>
      `${email} はサインインできるようになりました。待っている端末のためのリンクをメールで送信しています。`,
    approvedWithoutLink: (email) =>
      `${email} はサインインできるようになりました。申請が古いためリンクは送信されていません。本人がもう一度リンクを求める必要があります。`,
    declined: (email) => `${email} を却下しました。本人には通知されません。`,
  },
  openApproval: '承認を開く',
  faster: '別の人が先に処理しました',
  fasterApproved: (email, by) =>
    `${by} が ${email} を承認しました。あなたの操作は保存されていません。`,
  fasterDeclined: (email, by) =>
    `${by} が ${email} を却下しました。あなたの操作は保存されていません。`,
  gone: (email) => `${email} はもう待っていません。何も変更されていません。`,
}
