import type { UnixSeconds } from '../../../base/time.ts'
import { moment, nameOf, text } from '../text.ts'
import type { WhyWords } from '../why-words.ts'

const by = (name: string | null) => (name === null ? '' : ` ${name} により`)
const endedBy = (id: string | null) => by(nameOf(id))
const on = (at: UnixSeconds | null) => (at === null ? '' : text` ${moment(at)} に`)
const device = (name: string | null) => (name === null ? '名前のない端末' : `「${name}」`)
const because = (reason: string | null) => (reason === null ? '' : `理由：「${reason}」。`)

const notSent: WhyWords['notSent'] = {
  not_approved: 'このアドレスはサインインを許可されていません',
  no_number: 'SMS が求められましたが、承認に電話番号がありません',
  other_number: '承認にある番号とは別の番号への SMS が求められました',
  over_budget: 'この電話番号には 1 時間に 10 通のメッセージが送られていました',
  send_failed: 'メールまたは SMS のサービスが、再試行してもメッセージを受け付けませんでした',
  mail_refused: '以前のメールが受信側に拒否されたためです',
}

const refused: WhyWords['refused'] = {
  bounce: (at) =>
    text`${moment(at)} に受信側がメールを拒否しました。メールボックスが存在しないか、メールを受け付けていません。`,
  complaint: (at) => text`${moment(at)} に本人がメールを迷惑メールとして報告しました。`,
  suppressed: (at) =>
    text`アドレスが SES の抑制リストにあるため、${moment(at)} にメールは配信されませんでした。`,
}

const ended: WhyWords['ended'] = {
  signed_out: '本人がサインアウトしました',
  signed_out_everywhere:
    '本人がすべての端末でサインアウトしたか、50 台を超えたため最も古い端末が外れました',
  replaced: '同じ端末が再びサインインし、以前のセッションが終了しました',
  reuse:
    '古いトークンが使われました。誰かがコピーしたか、アプリが最新のトークンを失い、バックアップのものを使いました',
  ended_by_company: '会社が終了させました',
  identity_gone: '本人のデータが消去されたか、アドレスが別の人のものになりました',
  expired: 'セッションの有効期間が終わりました',
  idle: '長いあいだ使われませんでした',
  approval_none: 'アドレスの承認がなくなりました',
  approval_ended: '承認の期限が切れました',
  approval_withdrawn: '承認が取り消されました',
}

const link: WhyWords['link'] = {
  waiting: (at) =>
    text`リンクはまだ使われていません。${at === null ? '' : text`${moment(at)} まで有効です。`}`,
  used: (at) => text`リンクは${on(at)}使われており、もう使えません。`,
  expired: (at) => text`リンクは${on(at)}期限が切れ、一度も使われませんでした。`,
  superseded: (at) =>
    text`その後のサインイン、またはすべての端末でのサインアウトにより、リンクは${on(at)}無効になりました。`,
  identity_gone: () => 'リンクの対象だった人のデータが消去されたため、リンクは使えません。',
}

export const ja: WhyWords = {
  between: '',
  notSent,
  refused,
  ended,
  link,
  findings: {
    company: ({ domain }) =>
      `${domain} の人は全員サインインできます。このアドレスに承認は必要ありません。`,
    approved: ({ by: name, at, until }) =>
      text`${on(at)}${by(name)}承認されています（${until === null ? '期限なし' : text`${moment(until)} まで`}）。`,
    not_approved: () => '未承認です。このアドレスはまだ誰も承認していません。',
    tag_of_company: ({ mailbox }) =>
      `未承認です。${mailbox} は会社のものですが、「+」付きのアドレスには個別の承認が必要です。`,
    approval_ended: ({ at, by: name }) =>
      text`承認は終了しています。${name === null ? '' : `${name} による`}承認の期限は ${moment(at)} に切れました。`,
    withdrawn: ({ at, by: name, reason, company }) => {
      const what = company ? 'この会社のアドレスは締め出されました' : '承認は取り消されました'
      return text`未承認です。${on(at)}${by(name)}${what}。${because(reason)}`
    },
    requested: ({ at, asks }) =>
      text`このアドレスは利用を ${asks} 回申請しています。最後の申請は ${moment(at)} です。まだ誰も判断していません。`,
    request_declined: ({ at }) =>
      text`利用の申請は ${moment(at)} に却下されました。本人には知らされません。`,
    never_asked: () =>
      '最近、アプリからこのアドレスのリンクは求められていません。アドレスのつづりを確かめて、もう一度試すよう本人に伝えてください。',
    no_link_left: ({ askedSince }) =>
      text`最近、アプリからリンクは求められていません。アドレスを確かめて、もう一度試すよう本人に伝えてください。最初に求められたのは ${moment(askedSince)} です。`,
    asked: ({ at, channel, ipAddress }) =>
      text`最後にリンクが求められたのは ${moment(at)}（${channel === 'sms' ? 'SMS' : 'メール'}${ipAddress === null ? '' : `、IP アドレス ${ipAddress}`}）です。`,
    sent: ({ channel, from }) =>
      channel === 'sms'
        ? 'メッセージは送信されました。届いていない場合は、電話番号が正しいか、電波が届いているかを本人に確認してください。'
        : `メールは送信されました（差出人：${from}）。届いていない場合は、迷惑メールフォルダーを確認し、この差出人がブロックされていないか先方の IT 担当に問い合わせるよう本人に伝えてください。`,
    mail_refused: ({ why, at }) =>
      text`${refused[why](at)}それ以降、このアドレスにはメールを送っていません。管理者は利用者のページで送信を再開できます。`,
    not_sent: ({ reason }) => `メッセージは送られていません。${notSent[reason]}。`,
    link: ({ state, at }) => link[state](at),
    messages_left: ({ left, size }) =>
      `1 時間に送れる ${size} 通のうち ${left} 通が残っています。次のリンクはすぐに送れます。`,
    messages_spent: ({ size, nextAt }) =>
      text`この 1 時間に送れる ${size} 通をすべて使いました。次は ${moment(nextAt)} に送れます。それまでアプリには待つよう案内されます。`,
    cooling_down: ({ nextAt }) =>
      text`1 分以内にリンクが求められました。次は ${moment(nextAt)} に送れます。`,
    shared_mailbox: ({ mailbox }) => `メッセージの数は ${mailbox} と共通です。`,
    no_sms_number: () => '承認に電話番号がないため、SMS は送れません。',
    codes_left: ({ left, size }) =>
      `今日入力できるコード ${size} 回のうち ${left} 回が残っています。`,
    codes_shut: ({ size, nextAt }) =>
      text`1 日に ${size} 回入力されたため、コードは ${moment(nextAt)} まで使えません。メッセージのリンクは使えます。`,
    link_codes_spent: ({ attempts }) =>
      `最後のメッセージのコードは ${attempts} 回入力され、もう使えません。そのリンクと、新しいメッセージのコードは使えます。`,
    no_session: () => '有効なセッションも、最近終了したセッションもありません。',
    alive: ({ deviceName, since, lastUsedAt, endsAt }) =>
      text`${device(deviceName)}で ${moment(since)} からサインインしています。最後に使われたのは ${moment(lastUsedAt)} です。使われなければ ${moment(endsAt)} に終了します。`,
    ended: ({ deviceName, since, reason, at, by: name }) =>
      text`${device(deviceName)}の ${moment(since)} からのセッションは${on(at)}${endedBy(name)}終了しました。${ended[reason]}。`,
    nobody_yet: () =>
      'このアドレスはまだ誰のものでもありません。次にリンクを求めた人が、新しい利用者になります。',
    not_signed_in_yet: ({ since }) =>
      text`${moment(since)} からリンクが求められていますが、サインインした人はまだいません。`,
    person: ({ userId, since }) =>
      text`このアドレスは ${moment(since)} から ${userId} のものです。`,
  },
  answers: {
    nothingSent: 'このアドレスにはメッセージが送られません。',
    askAgain: '現在はサインインできます。新しいリンクを求めてください。',
    noneEnded: '過去 14 日間に終了したセッションはありません。',
    onPurpose:
      '問題はありません。過去 14 日間に終了したセッションは、意図して終了されたものだけです。',
    noneAlive: '有効なセッションはありません。',
    ended: (count, reasons) => {
      const whys = reasons.map(([some, reason]) => `${reason}（${some} 件）`).join('、')
      const why = count === 1 ? reasons[0]![1] : whys
      return `過去 14 日間に ${count} 件のセッションが終了しました。${why}。`
    },
    lastEnded: (at) => text`最後の終了は ${moment(at)} です。`,
    advice: {
      replaced:
        'セッションが有効なのにアプリがサインインし直しています。起動のたびに保存データが失われていないか確認してください。',
      reuse:
        'アプリが新しいトークンを使う前に保存しているか、バックアップが復元されていないかを確認してください。',
      expired:
        'SESSION_TTL_SECONDS の期間です。どれだけ使っていても、その後は再びサインインが必要です。',
      idle: 'SESSION_IDLE_SECONDS の期間です。そのあいだアプリはセッションを更新しませんでした。',
      approval_none: 'アドレスをもう一度承認してください。',
      approval_ended: '承認を延長してください。',
      approval_withdrawn: '問題がなければ、承認を元に戻してください。',
    },
  },
}
