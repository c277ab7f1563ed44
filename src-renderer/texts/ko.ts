// Korean, in 해요체.
import { dateWords } from './dates.ts'
import { particle } from './particles.ts'
import { noticeTextsKo } from './notice-texts.ko.ts'
import { liveTextsKo } from './live-texts.ko.ts'
import { readingTextsKo } from './reading-texts.ko.ts'
import { relayTextsKo } from './relay-texts.ko.ts'
import { relaysTextsKo } from './relays-texts.ko.ts'
import { roomTextsKo } from './room-texts.ko.ts'
import { shellTextsKo } from './shell-texts.ko.ts'
import { updateTextsKo } from './update-texts.ko.ts'
import type { Named, Texts } from './texts.ts'

const number = new Intl.NumberFormat('ko')

/** The names with 님, oneself as 나. */
const who = (person: Named) => (person.self ? '나' : `${person.name}님`)
const subject = (person: Named) => (person.self ? '내가' : `${person.name}님이`)
const people = (all: readonly Named[]) => all.map(who).join(', ')
const object = (all: readonly Named[]) => `${people(all)}${all.at(-1)?.self ? '를' : '을'}`
const quoted = (name: string) => `‘${name}’`
const ROLES = { owner: '방장', admin: '관리자', member: '일반 구성원' }

export const ko: Texts = {
  ...liveTextsKo,
  ...relayTextsKo,
  ...relaysTextsKo,
  ...noticeTextsKo,
  ...readingTextsKo,
  ...roomTextsKo,
  ...shellTextsKo,
  ...updateTextsKo,
  locale: 'ko',
  productName: '마루',
  tagline: '우리끼리 모여 앉는 대화방',
  dates: dateWords('ko', { am: '오전', pm: '오후' }),

  close: '닫기',
  cancel: '취소',
  back: '방 목록으로',
  retry: '다시 보내기',
  discard: '삭제',
  save: '저장',
  you: '나',
  unknownPerson: '알 수 없는 사람',
  languageNames: { ko: '한국어', en: 'English' },
  brokenScreen: '화면을 그리지 못했어요. 이 기기에 저장된 내용은 그대로예요.',
  brokenStart: '여기에서 마루를 시작하지 못했어요. 이 기기에 저장된 내용은 그대로예요.',
  slowStart:
    '이 기기에 저장된 내용을 여는 데 평소보다 오래 걸려요. 사라진 것은 없어요. 조금 더 기다리거나 다시 불러와 주세요.',
  storageBlocked:
    '이 브라우저가 마루의 저장을 막고 있어서 아무것도 안전하게 보관할 수 없어요. 이 페이지의 사이트 데이터를 허용하고 다시 불러와 주세요.',
  reload: '다시 불러오기',

  unreadable: {
    title: '보내지 않은 메시지를 읽을 수 없어요',
    text: '이 기기에 있는 보내지 않은 메시지와 임시저장이 손상됐거나, 다른 버전의 마루가 쓴 것이에요. 지운 것은 없어요. 먼저 마루의 다른 창을 닫고 다시 불러와 주세요.',
    saveText: '그래도 안 되면, 읽을 수 있는 내용을 파일로 저장해 주세요. 글이 그 안에 있어서 다시 보낼 수 있어요.',
    save: '파일로 저장하기',
    fileName: '마루-보내지-않은-메시지.json',
    saved: (texts) =>
      texts === 0
        ? '파일을 저장했지만, 읽을 수 있는 글은 없었어요. 이런 파일을 잘 아는 사람에게는 도움이 될 수 있어요.'
        : `글 ${number.format(texts)}개를 파일로 저장했어요. 파일이 있는지 확인해 주세요.`,
    failed: '잘 안 됐어요. 지운 것은 없어요. 다시 해 보세요.',
    startAnewText:
      '이제 새로 시작할 수 있어요. 손상된 부분은 이 기기에서 지우고, 보내지 않은 내용은 저장한 파일에만 남아요. 이미 보낸 메시지는 그대로예요.',
    startAnew: '손상된 부분을 지우고 새로 시작하기'
  },

  errors: {
    invalid: '입력한 내용이 형식에 맞지 않아요.',
    unsupported: '릴레이가 이 기능을 지원하지 않아요.',
    unauthorized: '로그인이 끝났어요. 다시 로그인해 주세요.',
    'token-expired': '오랫동안 쓰지 않아 로그인이 끝났어요. 다시 로그인해 주세요.',
    'wrong-credentials': '아이디나 비밀번호가 맞지 않아요.',
    'not-permitted': '이 일을 할 권한이 없어요.',
    'not-a-member': '이 방에 더 이상 참여하고 있지 않아요.',
    banned: '이 방에 다시 들어올 수 없게 되어 있어요.',
    'account-disabled': '이 계정은 릴레이 소유자가 사용을 막았어요.',
    'wrong-password': '비밀번호가 맞지 않아요.',
    'wrong-reset': '이 재설정 코드는 맞지 않거나, 이미 썼거나, 기한이 지났어요. 릴레이 소유자에게 새로 받아 주세요.',
    'registration-closed': '이 릴레이는 새 계정을 받지 않아요.',
    'invite-required': '이 릴레이에 가입하려면 초대 코드가 필요해요.',
    'wrong-invite': '초대 코드가 맞지 않거나, 다 썼거나, 기한이 지났어요. 릴레이 소유자에게 새 코드를 받아 주세요.',
    'origin-not-allowed': '릴레이가 이 주소에서 온 접속을 허용하지 않아요.',
    'not-found': '찾는 것이 없어요.',
    'room-not-found': '이 방을 찾을 수 없어요.',
    'user-not-found': '그런 사람이 이 릴레이에 없어요.',
    'message-not-found': '그 메시지를 찾을 수 없어요.',
    'device-not-found': '그 기기를 찾을 수 없어요.',
    'invite-not-found': '그 초대를 찾을 수 없어요.',
    'avatar-not-found': '그 사진을 찾을 수 없어요.',
    'method-not-allowed': '릴레이가 이 요청을 받지 않아요.',
    'username-taken': '이미 쓰고 있는 아이디예요. 다른 아이디를 골라 주세요.',
    'id-conflict': '같은 번호의 다른 항목이 이미 있어요.',
    'counter-conflict': '이 기기의 저장 내용이 다른 기기와 겹쳐요.',
    'counter-gap': '릴레이가 이전 상태로 되돌아갔어요.',
    'message-deleted': '이미 삭제된 메시지예요.',
    'depends-on-refused': '먼저 했던 일이 거절되어 이것도 처리하지 못했어요.',
    'room-full': '방에 자리가 없어요.',
    'room-closed': '채팅이 종료되어 더 쓸 수 없어요.',
    'recipient-left': '받을 사람이 방에 더 이상 없어서 전하지 못했어요.',
    'last-owner': '릴레이에는 소유자가 한 명은 있어야 해요. 먼저 다른 사람을 소유자로 정해 주세요.',
    'too-many-blocks': '차단한 사람이 너무 많아요. 먼저 몇 명의 차단을 풀어 주세요.',
    'too-many-invites': '쓸 수 있는 초대가 너무 많아요. 먼저 몇 개를 없애 주세요.',
    'too-many-pins': '이 방에는 메시지를 더 고정할 수 없어요. 먼저 다른 고정을 해제해 주세요.',
    'too-many-reactions': '이 메시지에는 반응을 더 남길 수 없어요.',
    'too-large': '한 번에 보내기에는 너무 커요.',
    'unsupported-media-type': '릴레이가 받지 않는 형식이에요.',
    'protocol-too-old': '이 앱이 릴레이에 비해 너무 오래되었어요. 앱을 업데이트하고 다시 해 주세요.',
    'protocol-too-new': '릴레이가 이 앱보다 오래되었어요. 릴레이를 운영하는 사람에게 업데이트를 부탁해 주세요.',
    'rate-limited': '너무 자주 시도했어요. 잠시 뒤에 다시 해 주세요.',
    'relay-error': '릴레이에서 문제가 생겼어요. 잠시 뒤에 다시 해 주세요.',
    'room-damaged': '릴레이가 이 방의 일부를 읽지 못해요. 릴레이 운영자가 복구한 뒤에 다시 해 주세요.',
    'storage-unavailable': '릴레이가 지금 저장하지 못해요. 잠시 뒤에 다시 해 주세요.',
    'too-many-unsettled': '처리 중인 일이 너무 많아요. 잠시 기다려 주세요.',
    'relay-stopping': '릴레이가 다시 시작하는 중이에요.',
    'name-not-found': '그 이름의 컴퓨터를 찾지 못했어요. 주소에 오타가 없는지 확인해 주세요.',
    refused:
      '컴퓨터는 있지만 릴레이가 응답하지 않아요. 콜론(:) 뒤의 번호를 확인하거나, 릴레이를 운영하는 사람에게 켜 달라고 해 주세요.',
    certificate:
      '이 릴레이의 인증서를 믿을 수 없어서 아무것도 보내지 않았어요. 릴레이를 운영하는 사람에게 알려 주세요.',
    'already-signed-in': '이미 로그인한 릴레이예요. 앱에서는 릴레이마다 계정 하나를 쓸 수 있어요.',
    'certificate-changed':
      '릴레이의 인증서가 전과 달라서 아무것도 보내지 않았어요. 누군가 릴레이인 척하는 것일 수 있어요. 릴레이를 운영하는 사람에게 바뀐 것이 맞는지 물어보고 새 초대를 받아 주세요.',
    'restart-needed':
      '이 릴레이의 인증서를 믿기로 하기 전에 한 번 거절했고, 마루를 끌 때까지 그대로 기억해요. 마루를 종료했다가 다시 시작하면 돼요.',
    offline: '이 기기가 네트워크에 연결되어 있지 않아요. 연결한 뒤 다시 해 주세요.',
    'relay-unreachable':
      '릴레이에 닿지 않아요. 주소가 틀렸거나, 릴레이가 꺼져 있거나, 이 기기가 인증서를 믿지 않을 수 있어요. 주소를 확인하고 릴레이를 운영하는 사람에게 물어보세요.',
    'not-a-relay': '그 주소에서 응답은 있지만 마루 릴레이가 아니에요. 주소와 콜론(:) 뒤의 번호를 확인해 주세요.'
  },
  unknownError: (code) => `릴레이가 알 수 없는 이유로 거절했어요. (${code})`,

  colors: {
    amber: '호박색',
    moss: '이끼색',
    teal: '청록색',
    sky: '하늘색',
    indigo: '쪽빛',
    plum: '자두색',
    rose: '장미색',
    clay: '흙색'
  },

  firstRun: {
    step: (at, of) => `${of}단계 중 ${at}단계`,
    whoTitle: '어떻게 불러 드릴까요?',
    whoText: '다른 사람들에게 이렇게 보여요.',
    color: '내 표시 색',
    next: '계속',
    back: '뒤로',
    relayTitle: '릴레이에 계정 만들기',
    relayText: '릴레이는 우리끼리 쓴 글을 서로에게 전해 주는 컴퓨터예요. 우리 중 한 사람이 집이나 서버에서 운영해요.',
    roomTitle: '첫 방',
    roomText: '방은 내가 고른 사람들과 이야기하는 곳이에요. 사람은 언제든 더 초대할 수 있어요.',
    skip: '건너뛰고 초대 기다리기'
  },

  signIn: {
    title: '로그인',
    relayLine: (address) => `릴레이 ${address}`,
    relay: '릴레이 주소 또는 초대 링크',
    relayHint: '릴레이를 운영하는 사람에게 물어보세요. 예: 192.168.0.10:4100',
    relayFound: '이 주소에 릴레이가 있어요.',
    username: '아이디',
    usernameHint: '글자와 숫자, 점(.), 밑줄(_), 붙임표(-)를 쓸 수 있어요.',
    password: '비밀번호',
    newPasswordHint: (min) => `${min}자 이상으로 정해 주세요.`,
    showPassword: '비밀번호 보기',
    hidePassword: '비밀번호 숨기기',
    displayName: '이름',
    ownerCode: '소유자 코드',
    ownerCodeHint: '첫 계정이 이 릴레이의 소유자가 돼요. 릴레이를 시작할 때 화면에 나온 코드를 적어 주세요.',
    inviteCode: '초대 코드',
    inviteCodeHint: '이 릴레이의 소유자에게서 받은 코드를 적어 주세요.',
    submit: '로그인',
    submitting: '로그인하는 중…',
    createSubmit: '계정 만들기',
    createSubmitting: '계정을 만드는 중…',
    toCreate: '처음이에요',
    toSignIn: '이미 계정이 있어요',
    registrationClosed: '이 릴레이는 지금 새 계정을 받지 않아요.',
    missing: {
      relay: '릴레이 주소를 적어 주세요.',
      username: '아이디를 적어 주세요.',
      password: '비밀번호를 적어 주세요.',
      displayName: '이름을 적어 주세요.',
      invite: '코드를 적어 주세요.'
    },
    badRelay: '주소가 올바르지 않아요. 예: 192.168.0.10:4100 또는 https://maru.example.com',
    badUsername: (min, max) => `아이디는 ${min}자에서 ${max}자까지, 글자와 숫자, . _ - 만 쓸 수 있어요.`,
    badPassword: (min, max) => `비밀번호는 ${min}자 이상 ${max}자 이하여야 해요.`,
    badDisplayName: (max) => `이름은 ${max}자까지 쓸 수 있어요.`,
    wrongOwnerCode: '소유자 코드가 맞지 않아요. 릴레이를 시작한 화면에서 다시 확인해 주세요.'
  },

  rooms: {
    title: '방',
    newRoom: '새 방',
    none: '아직 방이 없어요',
    noneHint: '새 방을 만들고 함께 이야기할 사람을 골라 보세요.',
    welcome: (name) => `${name}님, 어서 오세요`,
    noneMain: '방을 만들거나, 누군가 초대할 때까지 기다려 주세요.',
    makeFirst: '첫 방 만들기',
    pick: '방을 골라 주세요',
    pickHint: '왼쪽 목록에서 방을 고르면 여기에 대화가 보여요.',
    notFound: '이 기기에는 그런 방이 없어요.',
    invite: '사람 초대',
    signOut: '로그아웃',
    signOutTitle: '로그아웃할까요?',
    signOutText: (waiting) =>
      waiting === 0
        ? '저장된 대화는 이 기기에 남아 있고, 다시 로그인하면 이어서 볼 수 있어요.'
        : `아직 보내지 못한 것이 ${number.format(waiting)}개 있어요. 이 기기에 남아 있다가 다시 로그인하면 보내져요.`,
    signOutWipe: '이 기기에서 대화도 모두 삭제',
    signOutLoses: (unsent) =>
      unsent === 0
        ? '대화가 이 기기에서 사라져요. 릴레이에 있는 대화는 다시 로그인하면 받아 와요.'
        : `아직 보내지 못한 것 ${number.format(unsent)}개가 영영 사라져요. 릴레이에 있는 대화는 다시 로그인하면 받아 와요.`,
    signOutDrafts: (count, lost) =>
      `쓰다 만 글이 있는 방이 ${number.format(count)}개 있어요. 그 글은 ${lost ? '영영 사라져요' : '이 기기에 남아 있어요'}.`,
    signOutAndDelete: '삭제하고 로그아웃',
    draft: '임시저장',
    waitingMark: (count) => `${number.format(count)}개 전송 대기 중`,
    refusedMark: (count) => `${number.format(count)}개 보내지 못함`,
    left: '참여하지 않는 방',
    pinned: '고정됨',
    muted: '알림 꺼짐',
    unread: (count) => `읽지 않은 메시지 ${count}개`,
    noMessages: '아직 메시지가 없어요',
    preview: (sender, text) => `${sender.self ? '나' : sender.name}: ${text}`
  },

  settings: {
    open: '설정',
    title: '설정',
    theme: '테마',
    language: '언어',
    asSystem: '시스템 설정',
    light: '밝게',
    dark: '어둡게',
    account: (username, relay) => `${username} · ${relay}`,
    onThisDevice: '화면과 입력 설정은 이 기기에만 적용돼요.',
    textSize: '글자 크기',
    percent: (value) => `${value}%`,
    density: '간격',
    comfortable: '넉넉하게',
    compact: '촘촘하게',
    contrast: '대비',
    moreContrast: '높게',
    enter: 'Enter 키',
    enterSends: '보내기',
    enterBreaks: '줄 바꾸기',
    noKeyring:
      '이 컴퓨터에는 마루가 쓸 수 있는 키링이 없어서, 앱을 닫았다가 다시 열면 로그인해야 해요. 메시지는 이 기기에 그대로 남아 있어요.',
    tokenInFile:
      '--token-in-file로 시작했기 때문에, 로그인을 유지하는 정보가 암호화되지 않은 채 파일에 저장돼 있어요. 이 파일은 이 컴퓨터의 내 계정만 읽을 수 있어요.'
  },

  newRoom: {
    title: '새 방 만들기',
    name: '방 이름',
    namePlaceholder: '예: 우리 가족',
    people: '함께할 사람',
    search: '이름이나 아이디로 찾기',
    nobody: '아직 이 릴레이에 다른 사람이 없어요. 방을 먼저 만들고 나중에 초대해도 돼요.',
    nobodyFound: (text) => `${quoted(text)}에 맞는 사람이 없어요.`,
    chosen: (count) => `${number.format(count)}명 고름`,
    create: '방 만들기',
    missingName: '방 이름을 적어 주세요.',
    badName: (max) => `방 이름은 ${max}자까지 쓸 수 있어요.`
  },

  room: {
    menu: '방 메뉴',
    rename: '방 이름 바꾸기',
    renaming: '이름을 바꾸는 중',
    pin: '위에 고정',
    unpin: '고정 풀기',
    mute: '알림 끄기',
    unmute: '알림 켜기'
  },

  members: {
    count: (count) => `${number.format(count)}명`,
    title: '구성원',
    owner: '방장',
    add: '사람 추가',
    addChosen: (count) => (count === 0 ? '추가' : `${number.format(count)}명 추가`),
    everyone: '이 릴레이의 모든 사람이 이미 이 방에 있어요.',
    leave: '방 나가기',
    leaveTitle: (room) => `${quoted(room)}에서 나갈까요?`,
    leaveText: '지금까지의 대화는 이 기기에 남지만, 새 메시지는 받지 않아요.',
    remove: '내보내기',
    removeTitle: (person) => `${person}님을 내보낼까요?`,
    removeText: '지금까지 받은 대화는 그 사람의 기기에 남지만, 새 메시지는 받지 않아요.',
    adding: '초대하는 중',
    removing: '내보내는 중',
    notJoined: '이 방에서 나왔어요. 지난 대화만 볼 수 있어요.'
  },

  timeline: {
    label: (room) => `${quoted(room)} 대화`,
    loadingOlder: '이전 메시지를 불러오는 중…',
    offlineOlder: '오프라인이에요. 연결되면 이전 메시지를 불러올게요.',
    olderFailed: '이전 메시지를 불러오지 못했어요.',
    tryAgain: '다시 시도',
    beginning: '여기가 방의 처음이에요',
    empty: '첫 메시지를 남겨 보세요',
    newMessages: (count) => `새 메시지 ${number.format(count)}개`,
    toEnd: '맨 아래로',
    deleted: '삭제된 메시지입니다',
    edited: '수정됨',
    late: (span) => `${span} 전 오프라인에서 작성`,
    waiting: '전송 대기 중',
    accepted: '전송됨',
    refused: '보내지 못했어요',
    unreadable: '이 메시지를 표시할 수 없어요',
    opensInNewTab: '새 창에서 열려요',
    copyCode: '코드 복사',
    codeCopied: '복사했어요',
    showAll: '전체 보기',
    showLess: '접기',
    copyLink: '링크 복사',
    pin: '고정',
    unpin: '고정 해제',
    editHistory: '이전 내용 보기',
    noEdits: '릴레이에 남아 있는 이전 내용이 없어요.',
    copyWords: '글 복사',
    goToDay: '날짜로 이동',
    day: '날짜',
    go: '이동',
    loadingPlace: '그 메시지를 불러오는 중…',
    offlinePlace: '오프라인이에요. 연결되면 그 메시지를 불러올게요.',
    placeFailed: '그 메시지를 불러오지 못했어요.',
    placeMissing: '이 방에는 그 메시지가 없어요.',
    loadingNewer: '다음 메시지를 불러오는 중…',
    offlineNewer: '오프라인이에요. 연결되면 다음 메시지를 불러올게요.',
    newerFailed: '다음 메시지를 불러오지 못했어요.',
    tools: '메시지에 할 수 있는 일',
    react: '반응 남기기',
    reactWith: (emoji) => `${emoji} 반응`,
    reply: '답장',
    more: '더 보기',
    copy: '복사',
    edit: '수정',
    delete: '모두에게서 삭제',
    deleteTitle: '메시지를 삭제할까요?',
    deleteText: '방의 모든 사람에게서 내용이 지워지고, 삭제했다는 표시만 남아요.',
    markUnread: '여기부터 읽지 않음으로 표시',
    unreadLine: '여기까지 읽었어요',
    reactions: '반응',
    reaction: (emoji, people) => `${emoji} ${people}`,
    reactedBy: (names, more) => (more === 0 ? names.join(', ') : `${names.join(', ')} 외 ${number.format(more)}명`),
    quoteMissing: '이 기기에 없는 메시지에 대한 답장',
    quoteElsewhere: '이 기기에 없는 메시지에 대한 답장 · 보러 가기',
    showQuoted: (author) => `${author}의 메시지 보기`,
    onlyHere: '이 기기에만 남아 있는 메시지',
    editRefused: '수정하지 못했어요',
    deleteRefused: '삭제하지 못했어요',
    announce: (name, text) => `${name}: ${text}`,
    announceMany: (count) => `새 메시지 ${number.format(count)}개가 왔어요`,
    message: (name, time) => `${name}, ${time}`,
    system: {
      roomCreated: (actor, others) =>
        others.length === 0
          ? `${subject(actor)} 방을 만들었어요`
          : `${subject(actor)} ${people(others)}${particle(others.at(-1)?.self ? '나' : '님', '과/와')} 함께 방을 만들었어요`,
      roomRenamed: (actor, name) => `${subject(actor)} 방 이름을 ${quoted(name)}${particle(name, '으로/로')} 바꿨어요`,
      memberJoined: (person) => `${subject(person)} 방에 들어왔어요`,
      memberAdded: (actor, others) => `${subject(actor)} ${object(others)} 초대했어요`,
      memberLeft: (person) => `${subject(person)} 방을 나갔어요`,
      memberRemoved: (actor, others) => `${subject(actor)} ${object(others)} 내보냈어요`,
      memberBanned: (actor, others) => `${subject(actor)} ${object(others)} 내보내고 다시 들어올 수 없게 했어요`,
      memberRoleSet: (actor, others, role) =>
        `${subject(actor)} ${object(others)} ${ROLES[role]}${particle(ROLES[role], '으로/로')} 정했어요`,
      roomTopicSet: (actor, topic) =>
        topic === undefined
          ? `${subject(actor)} 방 주제를 지웠어요`
          : `${subject(actor)} 방 주제를 ${quoted(topic)}${particle(topic, '으로/로')} 정했어요`,
      roomAvatarSet: (actor) => `${subject(actor)} 방 사진을 바꿨어요`,
      roomWritersSet: (actor, onlyAdmins) =>
        onlyAdmins
          ? `${subject(actor)} 방장과 관리자만 쓸 수 있게 했어요`
          : `${subject(actor)} 모두가 쓸 수 있게 했어요`,
      messagePinned: (actor) => `${subject(actor)} 메시지를 고정했어요`,
      roomClosed: (actor) => `${subject(actor)} 채팅을 종료했어요`,
      unknown: '방에 변화가 있었어요'
    }
  },

  pins: {
    title: '고정된 메시지',
    all: (count) => `모두 ${number.format(count)}개`,
    says: (name, text) => `${name}: ${text}`,
    notHere: '이 기기에 없는 메시지',
    unpinLabel: (words) => `고정 해제: ${words}`
  },

  composer: {
    label: '메시지 입력',
    placeholder: '메시지를 입력하세요',
    send: '보내기',
    editing: '메시지 수정',
    saveEdit: '수정 저장',
    cancelEdit: '수정 취소',
    replyingTo: (author) => (author.self ? '내 메시지에 답장' : `${author.name}님에게 답장`),
    cancelReply: '답장 취소',
    nearLimit: (left) => `${number.format(left)}자 더 쓸 수 있어요`,
    overLimit: (over, max) =>
      `메시지는 ${number.format(max)}자까지 보낼 수 있어요. ${number.format(over)}자를 줄이거나 나누어 보내 주세요.`,
    sendInPieces: (count) => `${number.format(count)}개로 나누어 보내기`,
    failed: '메시지를 이 기기에 저장하지 못했어요. 쓴 글은 그대로 두었어요.',
    editedDeleted: '그사이 메시지가 삭제됐어요. 쓴 글은 그대로 두었어요.',
    people: '부를 사람',
    emoji: '이모지',
    choices: (count) => `${number.format(count)}개 중에서 위아래 화살표로 고르고 Enter로 넣을 수 있어요.`
  },

  emoji: {
    open: '이모지 고르기',
    title: '이모지',
    search: '이모지 찾기',
    recent: '최근에 쓴 이모지',
    groups: {
      smileys: '표정과 감정',
      people: '사람과 몸',
      nature: '동물과 자연',
      food: '음식과 음료',
      travel: '여행과 장소',
      activities: '활동',
      objects: '사물',
      symbols: '기호',
      flags: '깃발'
    },
    nothingFound: (text) => `‘${text}’에 맞는 이모지가 없어요.`,
    loadFailed: '이모지를 불러오지 못했어요. 다시 열어 보세요.',
    tone: '피부색',
    tones: ['기본', '밝은 색', '약간 밝은 색', '중간 색', '약간 어두운 색', '어두운 색']
  },

  switcher: {
    title: '방으로 바로 가기',
    search: '방이나 사람의 이름, 초성',
    nothingFound: (text) => `‘${text}’에 맞는 방이나 사람이 없어요.`,
    unread: (count) => `읽지 않은 메시지 ${count}개`,
    hint: '위아래 화살표로 고르고 Enter로 열어요.'
  },

  shortcuts: {
    title: '단축키',
    groups: { everywhere: '어디서나', writing: '메시지를 쓸 때', messages: '메시지를 읽을 때' },
    of: {
      switcher: '방으로 바로 가기',
      relay: '다른 릴레이로 가기',
      newRoom: '새 방 만들기',
      nextRoom: '이전 방, 다음 방',
      nextUnread: '읽지 않은 이전 방, 다음 방',
      markRead: '읽음으로 표시하고 맨 아래로',
      settings: '설정 열기',
      sheet: '단축키 보기',
      send: '보내기',
      lineBreak: '줄 바꾸기',
      editLast: '마지막에 보낸 내 메시지 고치기 (빈칸일 때)',
      mention: '사람 부르기',
      emoji: '이모지 넣기',
      cancel: '답장이나 수정 그만두기',
      messages: '메시지로 이동',
      message: '이전 메시지, 다음 메시지',
      backToWriting: '쓰던 곳으로 돌아가기'
    },
    or: '또는'
  },

  connection: {
    connected: '연결됨',
    connecting: '연결하는 중',
    waiting: {
      network: '네트워크 없음',
      unreachable: '릴레이에 닿지 않음',
      'relay-stopping': '릴레이 다시 시작 중'
    },
    retryIn: (seconds) => `${number.format(seconds)}초 뒤 다시 연결`,
    now: '지금',
    nowLabel: '지금 다시 연결',
    ended: {
      'signed-out': '로그인이 끝났어요',
      'client-too-old': '앱을 업데이트해 주세요',
      'relay-too-old': '릴레이가 너무 오래됐어요',
      'other-relay': '같은 주소에 다른 릴레이가 있어요'
    },
    waitingByOwner: '릴레이 소유자가 연결을 끊었어요',
    waitingTooSlow: '연결이 너무 느려서 릴레이가 끊었어요',
    cannotStore: '연결됐지만 릴레이가 지금 저장할 수 없어서 전송을 기다려요',
    endedWhy: {
      expired: '오래 쓰지 않아서 로그인이 끝났어요',
      revoked: '이 기기에서 로그아웃됐어요',
      'account-disabled': '릴레이 소유자가 이 계정의 사용을 막았어요',
      'account-deleted': '이 계정은 삭제됐어요'
    },
    save: '이 기기의 대화 저장',
    saveName: 'maru-대화.json',
    signInAgain: '다시 로그인',
    history: (held, total) => `지난 대화 받는 중 ${number.format(held)} / ${number.format(total)}`,
    historyPaused: (held, total) => `지난 대화 받기 멈춤 ${number.format(held)} / ${number.format(total)}`,
    pauseHistory: '지난 대화 받기 멈추기',
    resumeHistory: '지난 대화 이어서 받기',
    storageFull: '이 기기에 저장할 자리가 없어서 새 메시지를 받지 못하고 있어요. 자리를 비우면 이어서 받아요.',
    rebuilt: '이 기기에 저장된 메시지가 손상돼서 릴레이에서 다시 받고 있어요. 아직 보내지 않은 것은 그대로 있어요.'
  },

  outbox: {
    open: (waiting) => `${number.format(waiting)}개 전송 대기 중`,
    openRefused: (refused) => `${number.format(refused)}개 보내지 못함`,
    title: '보낼 것',
    empty: '보낼 것이 모두 보내졌어요.',
    explain: '이 기기에 안전하게 저장되어 있고, 연결되면 차례대로 보내져요.',
    more: (count) => `더 보기 (${number.format(count)}개)`,
    waiting: '대기 중',
    sent: '보내는 중',
    refused: '거절됨',
    unknownRoom: '알 수 없는 방',
    cancel: '취소',
    cancelLabel: (what) => `취소: ${what}`,
    undo: '되돌리기',
    dependants: (count) => `이것을 기다리는 일이 ${number.format(count)}개 있어요.`,
    discardAll: (count) => `${number.format(count)}개 모두 삭제`,
    tooLate: '이미 보내는 중이라 취소할 수 없어요.',
    discardLabel: (what) => `삭제: ${what}`,
    retryLabel: (what) => `다시 보내기: ${what}`,
    createRoom: (room) => `${quoted(room)} 방 만들기`,
    addMembers: (room, names) =>
      `${quoted(room)}에 ${names.map((name) => `${name}님`).join(', ')}${particle('님', '을/를')} 초대`,
    leaveRoom: (room) => `${quoted(room)}에서 나가기`,
    removeMember: (room, person) => `${quoted(room)}에서 ${person}님 내보내기`,
    sendMessage: (room) => `${quoted(room)}에 보내는 메시지`,
    editMessage: (room) => `${quoted(room)}의 메시지 수정`,
    deleteMessage: (room) => `${quoted(room)}의 메시지 삭제`,
    renameRoom: (name) => `방 이름을 ${quoted(name)}${particle(name, '으로/로')} 바꾸기`,
    joinRoom: (room) => `${quoted(room)}에 들어가기`,
    roomSettings: (room) => `${quoted(room)}의 내 설정`,
    pinRoom: (room, on) => `목록에서 ${quoted(room)} ${on ? '고정' : '고정 풀기'}`,
    muteRoom: (room, on) => `${quoted(room)} 알림 ${on ? '끄기' : '켜기'}`,
    markUnread: (room) => `${quoted(room)} 읽지 않음으로 표시`,
    addReaction: (room, emoji) => `${quoted(room)}에 남기는 반응 ${emoji}`,
    pinMessage: (room) => `${quoted(room)}에 메시지 고정`,
    unpinMessage: (room) => `${quoted(room)}에서 메시지 고정 해제`,
    removeReaction: (room, emoji) => `${quoted(room)}에서 거두는 반응 ${emoji}`,
    markRead: (room) => `${quoted(room)} 읽음으로 표시`,
    changeProfile: '내 프로필 바꾸기',
    changePicture: '내 프로필 사진 바꾸기',
    changeStatus: '내 상태 메시지 바꾸기',
    receiptsOn: '읽음 표시 켜기',
    receiptsOff: '읽음 표시 끄기',
    setAvailability: (availability) =>
      ({ auto: '접속 상태 보이기', dnd: '방해 금지로 바꾸기', invisible: '오프라인으로 보이기' })[availability],
    openDirect: (person) => `${person}님과의 방 만들기`,
    openNotes: '나와의 채팅 만들기',
    changeRoom: (room) => `${quoted(room)}의 설정 바꾸기`,
    closeRoom: (room) => `${quoted(room)} 채팅 종료`,
    ban: (room, person) => `${quoted(room)}에서 ${person}님 내보내고 재입장 막기`,
    unban: (room, person) => `${quoted(room)}에 ${person}님 재입장 허용`,
    setRole: (room, person, role) =>
      `${quoted(room)}에서 ${person}님을 ${ROLES[role]}${particle(ROLES[role], '으로/로')} 정하기`,
    sendAside: (room, names) =>
      `${quoted(room)}에서 ${names.map((name) => `${name}님`).join(', ')}에게만 보내는 메시지`,
    block: (person) => `${person}님 차단`,
    unblock: (person) => `${person}님 차단 풀기`
  },

  offline: {
    needsRelay: '이 주소에서는 릴레이가 켜져 있을 때만 마루를 열 수 있어요. 쓴 내용은 이 기기에 남아 있어요.',
    understood: '알겠어요'
  },

  coming: {
    loading: '불러오는 중…',
    fromRelay: '릴레이에서 받아 오는 화면이라, 릴레이에 연결돼 있을 때만 열려요.',
    missing: '불러오지 못했어요',
    missingText: '릴레이에서 받아 와야 하는 화면이에요. 연결되면 다시 불러올게요.',
    missingHere: '마루의 이 부분을 읽지 못했어요. 다시 시도해 주세요.',
    stillMissing: '그래도 열리지 않으면 마루를 다시 불러와 주세요. 이 기기에 저장된 내용은 그대로예요.',
    again: '다시 시도'
  }
}
