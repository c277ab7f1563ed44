// Korean, in 해요체: rooms and people.
import { named, number, quoted } from './phrases.ko.ts'
import type { RoomTexts } from './room-texts.ts'

export const roomTextsKo: RoomTexts = {
  roomList: {
    which: '목록에 보일 방',
    all: '모두',
    unread: '안 읽음',
    nothingUnread: '모두 읽었어요',
    mentioned: (count) => `나를 부른 메시지 ${count}개`,
    closed: '종료된 방',
    notes: '나와의 채팅',
    actions: (room) => `${quoted(room)}에 할 수 있는 일`,
    markRead: '읽음으로 표시',
    markUnread: '읽지 않음으로 표시',
    directory: '사람과 공개 방 찾기'
  },

  newKind: {
    label: '어떤 방인가요?',
    group: '그룹',
    open: '공개 방',
    direct: '1:1',
    notes: '나와의 채팅',
    openText: '이 릴레이의 누구나 찾아서 들어올 수 있어요.',
    directText: '둘만의 방이에요. 오프라인이어도 바로 열려요.',
    notesText: '나만 보는 방이에요. 메모나 링크, 잊고 싶지 않은 것을 적어 두세요.',
    openNotes: '나와의 채팅 열기',
    topic: '주제',
    topicPlaceholder: '예: 이번 주 장보기',
    badTopic: (max) => `주제는 ${max}자까지 쓸 수 있어요.`,
    history: '나중에 들어온 사람이 볼 수 있는 대화',
    historyAll: '처음부터 모두',
    historyFromJoining: '들어온 뒤부터',
    writers: '글을 쓸 수 있는 사람',
    writersAll: '모두',
    writersAdmins: '방장과 관리자'
  },

  directory: {
    title: '사람과 공개 방',
    which: '무엇을 찾나요?',
    people: '사람',
    openRooms: '공개 방',
    searchRooms: '방 이름이나 주제로 찾기',
    nobody: '아직 이 릴레이에 다른 사람이 없어요.',
    loading: '불러오는 중…',
    offline: '공개 방 목록은 릴레이에서 가져오는데, 지금은 닿지 않아요. 이미 들어간 방은 방 목록에 있어요.',
    noRooms: '아직 공개 방이 없어요.',
    noRoomFound: (text) => `${quoted(text)}에 맞는 공개 방이 없어요.`,
    more: '더 보기',
    join: '들어가기',
    joinLabel: (room) => `${quoted(room)}에 들어가기`,
    enter: '열기',
    enterLabel: (room) => `${quoted(room)} 열기`
  },

  person: {
    about: (person) => `${person}님 정보`,
    talk: '1:1 대화',
    shared: '함께 있는 방',
    noShared: '함께 있는 방이 없어요.',
    block: '차단',
    unblock: '차단 풀기',
    blocked: '차단한 사람이에요',
    blockTitle: (person) => `${person}님을 차단할까요?`,
    blockText:
      '이 사람의 1:1 메시지와 나를 부른 메시지가 더는 보이거나 알려지지 않고, 1:1 방도 목록에서 빠져요. 함께 있는 방에서 하는 말은 계속 보여요.',
    blockQuietText: '상대에게는 알려지지 않아요. 언제든 풀 수 있어요.',
    deleted: '탈퇴한 사람이에요',
    relayOwner: '릴레이 소유자'
  },

  details: {
    title: '방 정보',
    group: '그룹',
    open: '공개 방',
    edit: '수정',
    editTitle: '방 정보 수정',
    admin: '관리자',
    actionsOf: (person) => `${person}님에게 할 수 있는 일`,
    makeAdmin: '관리자로 지정',
    makeMember: '관리자에서 내리기',
    handOver: '방장 넘기기',
    handOverTitle: (person) => `${person}님에게 방장을 넘길까요?`,
    handOverText: '그러면 그 사람이 이 방의 방장이 되고, 나는 관리자가 돼요. 되돌리려면 그 사람이 다시 넘겨 줘야 해요.',
    ban: '내보내고 재입장 막기',
    banTitle: (person) => `${person}님을 내보내고 다시 못 들어오게 할까요?`,
    banText: '지금까지 받은 대화는 그 사람의 기기에 남아요. 허용하기 전까지 다시 들어오거나 초대받을 수 없어요.',
    banned: '재입장을 막은 사람',
    liftBan: '허용',
    liftBanLabel: (person) => `${person}님 재입장 허용`,
    quietly: '조용히 나가기',
    quietlyHint: '나갔다는 안내가 방에 남지 않아요.',
    ownerLeaves: '방장이 나가면 가장 먼저 들어온 관리자가, 관리자가 없으면 가장 먼저 들어온 사람이 방장이 돼요.',
    close: '모두에게서 채팅 종료',
    closeTitle: (room) => `${quoted(room)} 채팅을 종료할까요?`,
    closeText:
      '나를 포함해 아무도 이 방에 더 쓸 수 없고, 다시 열 수 없어요. 지금까지의 대화는 구성원들이 계속 볼 수 있어요.',
    historyAllText: '나중에 들어온 사람도 처음부터 모두 볼 수 있어요.',
    historyFromJoiningText: '나중에 들어온 사람은 들어온 뒤의 대화만 볼 수 있어요.',
    writersAdminsText: '방장과 관리자만 글을 쓸 수 있어요.'
  },

  closed: {
    title: '채팅이 종료되었습니다',
    text: '이 방에는 더 쓸 수 없어요. 지난 대화는 그대로 볼 수 있어요.',
    startNew: '같은 사람들과 새 방 시작하기',
    starting: '만드는 중…',
    draftKept: '쓰던 글은 새 방에 그대로 옮겨져요.',
    onlyAdmins: '이 방에는 방장과 관리자만 글을 쓸 수 있어요.',
    personGone: '탈퇴한 사람과의 방이에요. 지난 대화만 볼 수 있어요.'
  },

  forward: {
    action: '전달',
    title: '메시지 전달',
    to: '받을 방과 사람',
    hint: '여러 곳을 고를 수 있어요. 내가 쓴 새 메시지로 보내요.',
    chosen: '고른 곳',
    leaveOut: (title) => `${quoted(title)} 빼기`,
    own: '먼저 보낼 내 말 (안 써도 돼요)',
    send: '전달',
    sendAnyway: '그래도 전달',
    asideWarning: (names) =>
      names.length === 0
        ? '나만 볼 수 있는 귓속말이에요. 전달하면 고른 곳의 모든 사람이 봐요.'
        : `나와 ${names.join(', ')}만 볼 수 있는 귓속말이에요. 전달하면 고른 곳의 모든 사람이 봐요.`,
    deleted: '삭제된 메시지라 전달할 수 없어요.',
    failed: '이 기기에 저장하지 못했어요. 남은 곳에는 다시 전달해 주세요.',
    done: (titles) =>
      titles.length === 1 ? `${quoted(titles[0] ?? '')}에 전달했어요` : `${number.format(titles.length)}곳에 전달했어요`
  },

  asides: {
    start: '귓속말',
    title: '귓속말할 사람',
    text: '고른 사람만 받아요. 다른 사람은 귓속말이 있었는지도 알 수 없어요.',
    write: '귓속말 쓰기',
    nobodyHere: '이 방에 다른 사람이 없어요.',
    tooMany: (max) => `귓속말은 ${number.format(max)}명까지 고를 수 있어요.`,
    to: (names) => `${named(names)}에게만 귓속말`,
    change: '받는 사람 바꾸기',
    leave: '귓속말 그만하고 모두에게 쓰기',
    onlyFor: (names) => (names.length === 0 ? '나만 봐요' : `나와 ${names.join(', ')}만 봐요`)
  },

  picture: {
    label: '사진',
    choose: '사진 고르기',
    remove: '사진 없애기',
    hint: '여기에 붙여 넣어도 돼요. 가운데를 네모나게 잘라서 써요.',
    problems: {
      'not-a-picture': '이 기기가 읽을 수 있는 사진 파일이 아니에요. PNG나 JPEG 파일을 골라 주세요.',
      'too-large': '파일이 너무 커요. 40 MB까지 쓸 수 있어요.',
      failed: '이 사진은 작게 만들 수 없었어요. 다른 사진을 골라 주세요.'
    }
  },

  profile: {
    status: '상태 메시지',
    statusPlaceholder: '예: 월요일까지 휴가예요',
    badStatus: (max) => `상태 메시지는 ${max}자까지 쓸 수 있어요.`
  }
}
