// SPDX-License-Identifier: Apache-2.0
// All words of the page in both languages. A function takes what is to be filled in.

const WORDS = {
  en: {
    skip: 'Skip to the list', diagnoses: '403s', setup: 'Set-up', list_title: 'Requests that COS refused', theme: 'Theme',
    theme_light: 'Light', theme_dark: 'Dark', language: '中文', language_hint: 'Chinese', live: 'live', loading: 'loading …',
    lost: 'connection lost, trying again', draining: 'the program is ending', restarted: 'The program was started anew: what it knew before is gone.',
    forgotten: (n) => `${n} older 403s are no longer in memory; the log has them.`, missed: (n) => `${n} came faster than memory could keep them; the log has them.`,
    barred: (why) => `No access: ${why}`, dismiss: 'Dismiss', search: 'Any text', cause: 'Cause', any: 'any', bucket: 'Bucket', key: 'Object key', action: 'Action', clear: 'Clear',
    shown: (n, all) => (n === all ? `${n} ${n === 1 ? 'request' : 'requests'}` : `${n} of ${all} requests`), more: (n) => `Show ${n} more`,
    tries: (n) => `${n} tries`, tries_title: (n) => `The client tried ${n} times`, none_fit: 'No request fits these filters.', choose: 'Choose a request to read what happened.',
    back: 'Back to the list', certain: 'certain', likely: 'likely', possible: 'possible',
    certain_title: 'COS names it, and arithmetic or equality proves it', likely_title: 'COS names it and nothing contradicts', possible_title: 'Fits what was seen, no more',
    steps: 'What to do', caller: 'caller', 'bucket owner': 'bucket owner', 'account owner': 'account owner', operator: 'operator',
    policy: 'A statement that would allow exactly this call', evidence: 'Evidence', differs: 'the differing piece', nothing: 'nothing',
    other_findings: 'Also possible', facts: 'The request', copy: 'Copy', copied: 'Copied', request_id: 'RequestId', for_support: 'For Tencent Cloud’s support',
    docs: 'COS documentation', more_about: 'Why COS answers so', raw: 'Log entry', tries_list: 'All tries', from_request: 'request', from_response: 'answer', from_our_clock: 'our clock', from_memory: 'memory', from_config: 'settings',
    window: (from, to, held) => `The signature was good from ${from} to ${to}: for ${held}.`, before: (by) => `COS’s clock was ${by} before it began.`, after: (by) => `COS’s clock was ${by} past its end.`,
    inside: 'COS’s clock was inside it.', cos_clock: 'COS’s clock', client_clock: 'the client’s clock', begins: 'begins', ends: 'ends',
    chart: (n, span) => `${n} in ${span}`, others: 'others', per_bar: (span) => `a bar is ${span}`, table: 'Refusals by cause and time', time: 'Time',
    empty_title: 'No 403 so far', empty_text: 'Requests that COS refuses appear here while they happen, with what went wrong and what to do. Three steps bring a client here:',
    step_env: 'In the client’s shell, let its requests come through this proxy:', step_run: 'Or run one command through a proxy of its own, HTTPS included:', step_try: 'Then repeat the request that was refused.',
    sight: 'What is looked into', sees_http: 'http:// requests to any host; 403s of COS are explained', sees_https: (d, day) => `HTTPS to ${d}, where the client trusts the CA made on ${day}`,
    no_https: 'HTTPS to COS passes through unseen, since no CA was made (cosdiag ca init, then reload)', no_other: 'HTTPS to all other hosts passes through unseen', upgrades: 'clear HTTP from clients becomes TLS on its way to COS',
    lead: 'Lead clients here', shell: 'For all that a shell starts', one: 'For one command', runtimes: 'How each runtime is told to trust the CA', fingerprint: 'SHA-256 of the CA', listens: 'Listening on', log: 'Diagnosis log', to_stdout: 'standard output',
    numbers: 'Since the start', n_requests: 'requests forwarded', n_diagnoses: '403s explained', n_blind: 'tunnels to COS that nobody could look into', n_trust: 'clients that refused our certificate', n_lost: 'log entries lost', clock: 'COS’s clock minus ours', new_403: (what) => `New: ${what}`, new_403s: (n) => `${n} new refused requests`,
    s: (n) => `${n} s`, min: (n) => `${n} min`, h: (n) => `${n} h`, d: (n) => `${n} d`,
  },
  zh: {
    skip: '跳到列表', diagnoses: '403', setup: '接入', list_title: '被 COS 拒绝的请求', theme: '主题',
    theme_light: '浅色', theme_dark: '深色', language: 'English', language_hint: '英文', live: '实时', loading: '加载中…',
    lost: '连接已断开，正在重试', draining: '程序正在结束', restarted: '程序已重新启动：之前的记录已清空。',
    forgotten: (n) => `更早的 ${n} 条已不在内存中，请查日志。`, missed: (n) => `有 ${n} 条来得太快，内存没能留住，请查日志。`,
    barred: (why) => `没有权限：${why}`, dismiss: '关闭', search: '任意文字', cause: '原因', any: '全部', bucket: '存储桶', key: '对象键', action: '操作', clear: '清除',
    shown: (n, all) => (n === all ? `${n} 个请求` : `${all} 个请求中的 ${n} 个`), more: (n) => `再显示 ${n} 个`,
    tries: (n) => `${n} 次`, tries_title: (n) => `客户端尝试了 ${n} 次`, none_fit: '没有符合筛选条件的请求。', choose: '选择一个请求，看看发生了什么。',
    back: '返回列表', certain: '确定', likely: '很可能', possible: '可能',
    certain_title: 'COS 指明了它，并有计算或相等关系证明', likely_title: 'COS 指明了它，且没有矛盾', possible_title: '只是与所见相符',
    steps: '怎么办', caller: '调用方', 'bucket owner': '存储桶所有者', 'account owner': '账号所有者', operator: '运维人员',
    policy: '恰好允许这次调用的策略语句', evidence: '依据', differs: '不同的部分', nothing: '无',
    other_findings: '其他可能', facts: '请求', copy: '复制', copied: '已复制', request_id: 'RequestId', for_support: '供腾讯云技术支持使用',
    docs: 'COS 文档', more_about: 'COS 为什么这样回答', raw: '日志条目', tries_list: '全部尝试', from_request: '请求', from_response: '响应', from_our_clock: '本机时钟', from_memory: '记忆', from_config: '设置',
    window: (from, to, held) => `签名有效期为 ${from} 至 ${to}，共 ${held}。`, before: (by) => `COS 的时钟比开始时间早 ${by}。`, after: (by) => `COS 的时钟比结束时间晚 ${by}。`,
    inside: 'COS 的时钟在有效期内。', cos_clock: 'COS 的时钟', client_clock: '客户端的时钟', begins: '开始', ends: '结束',
    chart: (n, span) => `${span}内 ${n} 个`, others: '其他', per_bar: (span) => `每格 ${span}`, table: '按原因和时间统计的拒绝', time: '时间',
    empty_title: '还没有 403', empty_text: '被 COS 拒绝的请求会实时出现在这里，并说明原因和处理办法。三步让客户端经过这里：',
    step_env: '在客户端的 shell 里，让它的请求经过本代理：', step_run: '或者让单个命令经过它自己的代理，包括 HTTPS：', step_try: '然后重试被拒绝的请求。',
    sight: '能看到什么', sees_http: '发往任何主机的 http:// 请求；COS 的 403 会得到解释', sees_https: (d, day) => `发往 ${d} 的 HTTPS，前提是客户端信任 ${day} 创建的 CA`,
    no_https: '发往 COS 的 HTTPS 原样通过，因为还没有 CA（cosdiag ca init，然后重新加载）', no_other: '发往其他主机的 HTTPS 原样通过', upgrades: '客户端的明文 HTTP 以 TLS 发往 COS',
    lead: '让客户端经过这里', shell: '对一个 shell 启动的所有程序', one: '对单个命令', runtimes: '各运行环境如何信任 CA', fingerprint: 'CA 的 SHA-256', listens: '监听地址', log: '诊断日志', to_stdout: '标准输出',
    numbers: '启动以来', n_requests: '个请求被转发', n_diagnoses: '个 403 得到解释', n_blind: '条到 COS 的隧道无法查看', n_trust: '个客户端拒绝了我们的证书', n_lost: '条日志丢失', clock: 'COS 的时钟减去本机时钟', new_403: (what) => `新：${what}`, new_403s: (n) => `${n} 个新的被拒绝的请求`,
    s: (n) => `${n} 秒`, min: (n) => `${n} 分钟`, h: (n) => `${n} 小时`, d: (n) => `${n} 天`,
  },
};

let language = 'en';

function word(name, ...values) {
  const found = WORDS[language][name] ?? name;
  return typeof found === 'function' ? found(...values) : found;
}

/** A duration of so many seconds, to two digits of its unit. */
function duration(seconds) {
  const size = Math.abs(Math.round(seconds));
  const [unit, per] = size < 120 ? ['s', 1] : size < 7200 ? ['min', 60] : size < 172_800 ? ['h', 3600] : ['d', 86_400];
  return word(unit, Number((size / per).toFixed(size / per < 10 && per > 1 ? 1 : 0)));
}

function choose_language(choice) {
  language = choice === 'zh' ? 'zh' : 'en';
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
}
