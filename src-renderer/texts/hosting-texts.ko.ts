// Korean, in 해요체: finding a relay, hosting one, and its certificate.
import type { HostingTexts } from './hosting-texts.ts'
import { number } from './phrases.ko.ts'

export const hostingTextsKo: HostingTexts = {
  ways: {
    title: '어디에서 만날까요?',
    text: '릴레이는 우리끼리 쓴 글을 서로에게 전해 줘요. 있는 릴레이에 들어가거나 직접 열 수 있어요.',
    found: '이 네트워크에서 찾기',
    looking: '이 네트워크에서 릴레이를 찾고 있어요…',
    nothingFound:
      '이 네트워크에서 아직 릴레이를 찾지 못했어요. 초대를 받거나, 이 컴퓨터에서 릴레이를 열어 보세요. 계속 찾고 있을게요.',
    choose: (name, address) => `${name}, ${address}`,
    invite: '초대를 받았어요',
    inviteText: '받은 링크를 붙여 넣거나 릴레이 주소를 적어 주세요.',
    go: '계속',
    host: '여기서 열기',
    hostText: '이 컴퓨터가 우리 가족이나 팀의 릴레이가 돼요. 쓴 글은 이 컴퓨터에 남아요.',
    hostHere: '이 컴퓨터에서 릴레이 열기',
    other: '다른 릴레이'
  },

  hosting: {
    title: '이 컴퓨터의 릴레이',
    text: '이 컴퓨터가 켜져 있고 마루가 실행되는 동안 다른 사람들이 쓸 수 있어요.',
    name: '릴레이 이름',
    nameHint: '다른 사람들이 네트워크에서 이 이름으로 찾아요.',
    defaultName: '우리 집',
    address: '누가 쓸 수 있나요',
    onlyThisNetwork: '이 네트워크에서만 쓸 수 있어요',
    everybody: '주소를 아는 사람은 인터넷에서도 쓸 수 있어요',
    noAddress:
      '이 컴퓨터가 네트워크에 연결되어 있지 않아요. 먼저 연결해 주세요. 지금은 아무도 릴레이에 닿을 수 없어요.',
    lookAgain: '다시 찾기',
    port: '포트',
    portHint: '주소의 일부예요. 이미 쓰이고 있을 때만 바꿔 주세요.',
    badPort: '포트는 1024부터 65535까지의 숫자예요.',
    badName: (max) => `이름은 1자 이상 ${max}자 이하여야 해요.`,
    start: '릴레이 시작',
    starting: '시작하는 중…',
    keepsRunning: '창을 닫아도 계속 실행되고, 마루를 켜면 함께 시작돼요.',
    problems: {
      'port-in-use': '다른 프로그램이 이 포트를 쓰고 있어요.',
      'address-gone': '이 컴퓨터에 이 주소가 더는 없어요. 다른 주소를 골라 주세요.',
      'data-in-use': '다른 릴레이가 같은 데이터를 쓰고 있어요. 이 컴퓨터의 다른 마루를 닫고 다시 해 주세요.',
      'data-damaged':
        '릴레이의 데이터를 읽을 수 없어요. 바꾼 것은 없어요. 백업을 되돌리거나 릴레이를 잘 아는 사람에게 물어보세요.',
      disk: '릴레이가 저장할 수 없어요. 디스크가 가득 찼는지 확인해 주세요.',
      other: '릴레이를 시작하지 못했어요. 다시 해 주세요.'
    },
    usePort: (port) => `포트 ${port} 쓰기`,
    failed: '잘되지 않았어요. 다시 해 주세요.',

    open: '이 컴퓨터의 릴레이',
    panelTitle: '이 컴퓨터의 릴레이',
    on: '실행 중',
    announced: '네트워크에 알렸어요. 마루 앱이 찾을 수 있어요.',
    notAnnounced: '네트워크에 알리지 못했어요. 주소를 직접 전해 주세요.',
    state: '상태',
    link: '브라우저 주소',
    linkHint: '같은 네트워크의 휴대폰과 컴퓨터에서 앱 없이 열 수 있어요.',
    qr: '주소가 담긴 QR 코드',
    fingerprint: '인증서 지문',
    fingerprintHint: '앱으로 들어오는 사람이 맞춰 볼 수 있어요. 그쪽에도 똑같이 보여야 해요.',
    connected: '연결된 사람',
    nobody: '연결된 사람이 없어요.',
    connectedWords: (people, devices) => `${number.format(people)}명, 기기 ${number.format(devices)}대`,
    andMore: (names, more) => (more > 0 ? `${names.join(', ')} 외 ${number.format(more)}명` : names.join(', ')),
    stored: '저장한 양',
    noOwner: '아직 계정이 없어요. 첫 계정이 릴레이의 소유자가 되고, 이 코드가 필요해요.',
    ownerCode: '소유자 코드',
    backup: '폴더에 백업',
    backupText: '릴레이에 있는 모든 것을 다른 곳에 되돌릴 수 있게 저장해요. 그동안에도 릴레이는 계속 실행돼요.',
    backingUp: '백업하는 중…',
    backedUp: (messages, folder) => `메시지 ${number.format(messages)}개를 백업했어요: ${folder}`,
    backupFailed: '백업하지 못했어요. 디스크에 자리가 있는지 확인해 주세요.',
    stop: '릴레이 멈추기',
    stopTitle: '릴레이를 멈출까요?',
    stopText: '아무도 릴레이에 닿을 수 없게 돼요. 저장된 것은 그대로 남고, 다른 사람들은 받아 둔 글을 읽을 수 있어요.',
    inviteFor:
      '사람을 초대하려면 릴레이 소유자로 로그인해서 초대를 만들어 주세요. 앱 초대 링크에는 지문이 함께 담겨요.',
    appLink: '마루 앱 초대 링크',
    appLinkHint: '릴레이의 지문이 함께 담겨 있어서 아무도 릴레이인 척할 수 없어요.'
  },

  certificates: {
    own: '릴레이가 직접 만든 인증서를 써요. 이제부터 마루는 이 릴레이에서 다른 인증서를 받지 않아요.',
    compare: '할 수 있다면 릴레이 화면에 보이는 것과 맞춰 보세요.',
    isNew: '바뀐 것이 맞아요, 물어봤어요…',
    title: '인증서가 달라요',
    text: (relay) =>
      `${relay} 릴레이의 인증서가 마루가 알던 것과 달라요. 릴레이를 새로 설치했거나, 누군가 릴레이인 척하며 글을 읽으려는 것일 수 있어요. 릴레이를 운영하는 사람에게 전화나 직접 만나서 물어보세요.`,
    before: '지금까지 알던 것',
    now: '새 초대에 담긴 것',
    notTold: '담겨 있지 않아요',
    asked: '릴레이를 운영하는 사람에게 물어봤고, 인증서가 바뀐 것이 맞아요',
    forget: '전 것을 잊고 마루 다시 시작',
    restarts: '마루가 꺼졌다가 다시 켜져요. 쓴 글은 사라지지 않아요.',
    failed: '잘되지 않았어요. 바뀐 것은 없어요.'
  }
}
