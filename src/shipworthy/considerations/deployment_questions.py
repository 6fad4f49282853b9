"""What the deployment target asks: where it runs, how long an answer takes, what is down, how many servers, what fits."""

from pydantic import BaseModel

from shipworthy.considerations import questions as ask
from shipworthy.reference import loader as reference

_WHERE = "Where it runs"
_TIME = "How long an answer takes"
_DOWN = "What may be down"
_SCALE = "How many use it at once"
_NIGHT = "The night's run"
_DEVICE = "What has to fit on the device"
_ENOUGH = "What would be good enough"

TARGETS = {
    "cloud": "Cloud service", "servers": "Own servers", "device": "On the device, or at the edge",
    "browser": "In the browser", "hybrid": "On the device, with the cloud as fallback", "batch": "Overnight, in one go",
}  # fmt: skip
ON_DEVICE = ("device", "browser", "hybrid")
REMOTE = ("cloud", "servers", "hybrid")
OWN = "own"
FACTOR, HOURS = "factor", "hours"

_LIVE = {"deployment.target": ("cloud", "servers", "device", "browser", "hybrid")}
_REMOTE = {"deployment.target": REMOTE}
_DEVICES = {"deployment.target": ON_DEVICE}
_HYBRID = {"deployment.target": ("hybrid",)}
_BATCH = {"deployment.target": ("batch",)}

EACH, P95 = "each", "p95"
ASKED = {
    EACH: "So many of all uses, each within the limit",
    P95: "95 in 100 uses within the limit",
}


def devices() -> dict[str, str]:
    """Devices of the reference table, and one whose numbers are typed."""
    return {OWN: "Another: type its numbers", **{row.key: row.key for row in reference.load("devices")}}


def models() -> dict[str, str]:
    """Models of the reference table, and one whose numbers are typed."""
    return {OWN: "Another: type its numbers", **{row.key: row.key for row in reference.load("models")}}


def days() -> dict[str, str]:
    """Shapes of a day, from the reference table or typed."""
    return {
        FACTOR: "We know how busy the busiest hour is",
        **{row.key: row.text("name") for row in reference.load("days")},
        HOURS: "Our own: hour by hour, in the list below",
    }


def networks() -> dict[str, str]:
    """Networks of the reference table, and none at all."""
    return {
        "none": "None: nothing travels, or a stage says it",
        **{row.key: row.text("what") for row in reference.load("networks")},
    }


class Questions(BaseModel):
    """What the deployment target asks."""

    target: ask.Choice = ask.choice(
        "Where does it run?", TARGETS, per_option=True, section=_WHERE,
        help="Where the prediction is worked out, not where the model was trained.",
    )  # fmt: skip
    network: ask.Choice = ask.choice(
        "Network between user and server", networks(), default="none", per_option=True, section=_WHERE, when=_LIVE,
        help="Its round trip and speed are added to the stages below. None where nothing travels, or a stage says it.",
    )  # fmt: skip
    round_trip: ask.Estimate = ask.estimate(
        "Round trip, if somebody measured it", unit="ms", lower=0.0, optional=True, per_option=True, section=_WHERE,
        when=_REMOTE, search=(0.0, 2_000.0), help="Half of the round trips stay under it. Empty: the table's figure.",
    )  # fmt: skip
    payload_up: ask.Estimate = ask.estimate(
        "Sent with a use", unit="kB", lower=0.0, default=2.0, per_option=True, section=_WHERE, when=_REMOTE,
        search=(0.0, 100_000.0), help="A camera frame is 50 to 200 kB, a sentence well under 1 kB.",
    )  # fmt: skip
    payload_down: ask.Estimate = ask.estimate(
        "Sent back", unit="kB", lower=0.0, default=2.0, per_option=True, section=_WHERE, when=_REMOTE,
        search=(0.0, 100_000.0), help="Usually small: a label, some boxes, a paragraph.",
    )  # fmt: skip
    cloud_share: ask.Estimate = ask.share(
        "Uses that go to the cloud", per_option=True, section=_WHERE, when=_HYBRID, neutral=1.0,
        help="The rest is answered on the device.",
    )  # fmt: skip
    stages: ask.Rows = ask.rows(
        "Stages of a response",
        (
            {"key": "name", "label": "Stage", "kind": "text"},
            {"key": "typical", "label": "Typical", "kind": "estimate", "unit": "ms", "lower": 0.0, "search": (0.0, 60_000.0)},
            {"key": "slow", "label": "1 in 20 takes longer than", "kind": "estimate", "unit": "ms", "lower": 0.0},
            {"key": "where", "label": "When", "kind": "choice", "choices": {
                "always": "Always", "cloud": "In the cloud", "device": "On the device"}},
        ),
        per_option=True, section=_TIME, when=_LIVE,
        help="One after the other: capture, working out the answer, showing it. The network is added by itself, and so is the "
        "wait for a server where there cannot be more of them.",
    )  # fmt: skip
    alike: ask.Number = ask.number(
        "How far slow moments come together", unit="share", lower=0.0, upper=0.95, default=0.0, section=_TIME, when=_LIVE,
        help="0: each stage is slow by itself. 0.5: a busy moment slows several.",
    )  # fmt: skip
    cold: ask.Estimate = ask.share(
        "Uses that meet a cold start", default=0.0, per_option=True, section=_TIME, when=_REMOTE,
        help="The service has to be started first. Under 1 in 100 where it is busy, far more where it sleeps.",
    )  # fmt: skip
    cold_ms: ask.Estimate = ask.estimate(
        "A cold start takes", unit="ms", lower=0.0, default=500.0, per_option=True, section=_TIME, when=_REMOTE,
        search=(0.0, 120_000.0), help="A small function 200 to 500 ms; loading a large model 10 seconds or more.",
    )  # fmt: skip
    limit: ask.Number = ask.number(
        "An answer is in time within", unit="ms", lower=1.0, upper=1e7, section=_TIME, when=_LIVE, search=(1.0, 60_000.0),
        help="For a camera 30 times a second: 33 ms. For a page: a second or two.",
    )  # fmt: skip
    asked: ask.Choice = ask.choice(
        "What is asked of it?", ASKED, default=EACH, section=_TIME, when=_LIVE,
        help="A share of the uses that you set, or that the slowest 1 in 20 begin beyond the limit (p95). Both are shown.",
    )  # fmt: skip
    late: ask.Choice = ask.choice(
        "What is a late answer worth?", {"as_much": "As much as one in time", "nothing": "Nothing: it is lost"},
        default="as_much", section=_TIME, when=_LIVE, help="Nothing, where a frame is dropped or a machine cannot wait.",
    )  # fmt: skip
    page: ask.Choice = ask.choice(
        "Does a page wait for it?", {"yes": "Yes: people see the page only when it is there", "no": "No"}, default="no",
        per_option=True, section=_TIME, when={**_LIVE, "value_stream.form": ("funnel",)},
        help="Then its typical time is the delay that people leave for, under value stream.",
    )  # fmt: skip
    components: ask.Rows = ask.rows(
        "What has to be up",
        (
            {"key": "name", "label": "Component", "kind": "text"},
            {"key": "up", "label": "Up", "kind": "share", "unit": "share", "search": (0.0, 1.0)},
            {"key": "copies", "label": "Copies", "kind": "number", "unit": "", "lower": 1.0, "upper": 1000.0},
            {"key": "needed", "label": "Needed", "kind": "number", "unit": "", "lower": 1.0, "upper": 1000.0},
            {"key": "common", "label": "Outages that hit all copies", "kind": "share", "unit": "share"},
        ),
        per_option=True, section=_DOWN, when=_LIVE,
        help="Everything without which there is no answer: network, region, service, data base. 99.9 % is 44 minutes a month.",
    )  # fmt: skip
    outage: ask.Estimate = ask.estimate(
        "An outage lasts", unit="minutes", lower=0.1, per_option=True, section=_DOWN, when=_LIVE, neutral=60.0,
        search=(1.0, 10_000.0), help="On average, until it is up again.",
    )  # fmt: skip
    away: ask.Choice = ask.choice(
        "What happens to a use meanwhile?",
        {"lost": "It is lost", "queued": "It waits and is answered later", "fallback": "Something simpler answers"},
        default="lost", per_option=True, section=_DOWN, when=_LIVE, help="While the service is away.",
    )  # fmt: skip
    fallback: ask.Estimate = ask.share(
        "What the simpler answer is worth", per_option=True, section=_DOWN, when={**_LIVE, "deployment.away": ("fallback",)},
        help="Share of the effect that is left.",
    )  # fmt: skip
    shape: ask.Choice = ask.choice(
        "How uses spread over the day", days(), default=FACTOR, section=_SCALE, when=_REMOTE,
        help="The busiest hour decides how many servers there have to be.",
    )  # fmt: skip
    hours: ask.Rows = ask.rows(
        "Uses by the hour",
        (
            {"key": "hour", "label": "Hour", "kind": "number", "unit": "o’clock", "lower": 0.0, "upper": 23.0},
            {"key": "uses", "label": "Uses", "kind": "number", "unit": "", "lower": 0.0},
        ),
        section=_SCALE, when={**_REMOTE, "deployment.shape": (HOURS,)},
        help="From a log of one usual day, pasted from a spreadsheet. An hour that is not in the list has none.",
    )  # fmt: skip
    peak: ask.Estimate = ask.estimate(
        "Busiest hour against the average", unit="times", lower=1.0, section=_SCALE, neutral=1.0,
        when={**_REMOTE, "deployment.shape": (FACTOR,)},
        search=(1.0, 100.0), help="Shops and offices 2 to 4 times; one country in the evening up to 5.",
    )  # fmt: skip
    user_uses: ask.Estimate = ask.estimate(
        "Uses of one user in a month", unit="uses a month", lower=0.0, optional=True, section=_SCALE, when=_REMOTE,
        help="For the cost at 1,000, 100,000 and a million users. Empty: it is told by uses alone.",
    )  # fmt: skip
    work: ask.Estimate = ask.estimate(
        "A server is busy with a use for", unit="ms", lower=0.0, per_option=True, section=_SCALE, when=_REMOTE,
        search=(0.1, 600_000.0), help="Its own work, without network and waiting.",
    )  # fmt: skip
    differs: ask.Number = ask.number(
        "How much that differs from use to use", unit="times the average", lower=0.0, upper=10.0, default=1.0, per_option=True,
        section=_SCALE, when=_REMOTE, help="0: always the same. 1: as most requests do. 3: now and then a very long one.",
    )  # fmt: skip
    slots: ask.Number = ask.number(
        "Uses that a server works on at once", unit="", lower=1.0, upper=10_000.0, default=1.0, per_option=True,
        section=_SCALE, when=_REMOTE, search=(1.0, 1_000.0), help="1 where a use takes the whole processor.",
    )  # fmt: skip
    patience: ask.Number = ask.number(
        "19 of 20 uses wait at most", unit="ms", lower=0.0, upper=1e7, default=100.0, section=_SCALE, when=_REMOTE,
        help="For a free server, in the busiest hour.",
    )  # fmt: skip
    server_price: ask.Estimate = ask.money(
        "A server", per=" a month", per_option=True, section=_SCALE, when=_REMOTE,
        help="Rent or write-off, power and upkeep. 0 where it is paid by the use.",
    )  # fmt: skip
    most_servers: ask.Number = ask.number(
        "Most servers there can be", unit="servers", lower=1.0, upper=1e7, optional=True, per_option=True, section=_SCALE,
        when=_REMOTE, search=(1.0, 10_000.0), help="Leave empty where more can always be rented. The wait for a free one is then added to the response.",
    )  # fmt: skip
    night_kept: ask.Number = ask.number(
        "Effect that an answer of last night keeps", unit="share", lower=0.0, upper=1.0, per_option=True, section=_NIGHT,
        when=_BATCH, neutral=1.0,
        help="100 % where nothing changes until the next night, 0 % where it is of no use a moment later.",
    )  # fmt: skip
    night_uses: ask.Estimate = ask.estimate(
        "Worked out in a night", unit="uses", lower=0.0, optional=True, per_option=True, section=_NIGHT, when=_BATCH,
        search=(1.0, 1e12), help="Every customer, say, whether they come or not. Empty: the uses of a month over its days.",
    )  # fmt: skip
    night_work: ask.Estimate = ask.estimate(
        "One of them keeps a server busy for", unit="ms", lower=0.0, optional=True, per_option=True, section=_NIGHT,
        when=_BATCH, search=(0.01, 600_000.0), help="Empty: whether the night is long enough is not judged.",
    )  # fmt: skip
    night_servers: ask.Number = ask.number(
        "Servers that work on it at night", unit="servers", lower=1.0, upper=1e6, optional=True, per_option=True,
        section=_NIGHT, when=_BATCH, search=(1.0, 10_000.0), help="Empty: one.",
    )  # fmt: skip
    night_hours: ask.Number = ask.number(
        "Hours there are for it", unit="hours", lower=0.1, upper=24.0, optional=True, section=_NIGHT, when=_BATCH,
        search=(0.1, 24.0), help="From the last data of the day to the first use. Empty: 8.",
    )  # fmt: skip
    night_price: ask.Estimate = ask.money(
        "A server for the night's run", per=" a month", optional=True, per_option=True, section=_NIGHT, when=_BATCH,
        help="What it costs for its share of the month. Empty: not counted.",
    )  # fmt: skip
    device: ask.Choice = ask.choice(
        "Device", devices(), section=_DEVICE, when=_DEVICES, help="The weakest one that users have.",
    )  # fmt: skip
    memory: ask.Estimate = ask.estimate(
        "Memory that is free for it", unit="GB", lower=0.0, optional=True, section=_DEVICE, when=_DEVICES, search=(0.0, 1_000.0),
        help="After the system and the app. Empty: the table's figure for the device.",
    )  # fmt: skip
    bandwidth: ask.Estimate = ask.estimate(
        "Speed of that memory", unit="GB a second", lower=0.0, optional=True, section=_DEVICE, when=_DEVICES, search=(0.1, 5_000.0),
        help="Empty: the table's figure for the device.",
    )  # fmt: skip
    compute: ask.Estimate = ask.estimate(
        "Arithmetic it can do", unit="billion operations a second", lower=0.0, optional=True, section=_DEVICE, when=_DEVICES,
        search=(0.01, 1e7), help="Peak at the bits below. Empty: the table's figure for the device.",
    )  # fmt: skip
    model: ask.Choice = ask.choice(
        "Model", models(), per_option=True, section=_DEVICE, when=_DEVICES, help="The one that has to run there.",
    )  # fmt: skip
    parameters: ask.Estimate = ask.estimate(
        "Parameters", unit="million", lower=0.0, optional=True, per_option=True, section=_DEVICE, when=_DEVICES,
        search=(0.01, 1e6), help="Empty: the table's figure for the model.",
    )  # fmt: skip
    operations: ask.Estimate = ask.estimate(
        "Arithmetic of one use", unit="billion operations", lower=0.0, optional=True, per_option=True, section=_DEVICE,
        when=_DEVICES, search=(0.0001, 1e7), help="Empty: the table's figure for the model.",
    )  # fmt: skip
    bits: ask.Number = ask.number(
        "Bits a weight", unit="bits", lower=1.0, upper=64.0, default=8.0, per_option=True, section=_DEVICE, when=_DEVICES,
        search=(2.0, 32.0), help="32 as trained, 16 halved, 8 or 4 squeezed.",
    )  # fmt: skip
    working: ask.Estimate = ask.estimate(
        "Memory for one use while it runs", unit="MB", lower=0.0, optional=True, per_option=True, section=_DEVICE, when=_DEVICES,
        search=(0.0, 100_000.0), help="Beside the weights: pictures, intermediate results. A profiler tells it. Empty: not counted.",
    )  # fmt: skip
    written: ask.Number = ask.number(
        "Tokens of an answer", unit="tokens", lower=0.0, upper=1e6, default=0.0, per_option=True, section=_DEVICE, when=_DEVICES,
        search=(0.0, 1e5), help="Language models only; 0 for any other.",
    )  # fmt: skip
    context: ask.Number = ask.number(
        "Tokens it keeps in mind", unit="tokens", lower=0.0, upper=1e7, default=0.0, per_option=True, section=_DEVICE,
        when=_DEVICES, search=(0.0, 1e6), help="Language models only: instructions, history and answer together.",
    )  # fmt: skip
    layers: ask.Number = ask.number(
        "Layers of a language model", unit="", lower=1.0, upper=10_000.0, optional=True, per_option=True, section=_DEVICE,
        when=_DEVICES, help="With the next two it tells what the tokens it keeps in mind take. Empty: the table's figure.",
    )  # fmt: skip
    kv_heads: ask.Number = ask.number(
        "KV heads of a layer", unit="", lower=1.0, upper=10_000.0, optional=True, per_option=True, section=_DEVICE,
        when=_DEVICES, help="In the model's configuration: num_key_value_heads. Empty: the table's figure.",
    )  # fmt: skip
    head_dimension: ask.Number = ask.number(
        "Size of a head", unit="", lower=1.0, upper=100_000.0, optional=True, per_option=True, section=_DEVICE,
        when=_DEVICES, help="In the model's configuration: head_dim, mostly 64 or 128. Empty: the table's figure.",
    )  # fmt: skip
    batch: ask.Number = ask.number(
        "Conversations at once", unit="", lower=1.0, upper=100_000.0, optional=True, per_option=True, section=_DEVICE,
        when=_DEVICES, search=(1.0, 1_000.0), help="Language models only; each keeps its own tokens in mind. Empty: one.",
    )  # fmt: skip
    efficiency: ask.Estimate = ask.share(
        "Share of its peak that a device reaches", optional=True, section=_DEVICE, when=_DEVICES, neutral=1.0,
        help="Far below 100 %. Empty: the usual range for devices of its kind.",
    )  # fmt: skip
    overhead: ask.Estimate = ask.estimate(
        "Start of every use on the device", unit="ms", lower=0.0, default=2.0, section=_DEVICE, when=_DEVICES,
        help="What a use costs before any arithmetic.",
    )  # fmt: skip
    measured: ask.SpreadAnswer = ask.spread(
        "Measured on the device, if it was", unit="ms", optional=True, per_option=True, section=_DEVICE, when=_DEVICES,
        help="Replaces the estimate.",
    )  # fmt: skip
    power: ask.Estimate = ask.estimate(
        "What the device draws at work", unit="W", lower=0.0, optional=True, section=_DEVICE, when=_DEVICES,
        help="All of it, while the model works. Empty: the table's figure for the device.",
    )  # fmt: skip
    battery: ask.Estimate = ask.estimate(
        "Energy in its battery, if it has one", unit="Wh", lower=0.0, optional=True, section=_DEVICE, when=_DEVICES,
        help="A phone 15 to 20, a laptop 50 to 80.",
    )  # fmt: skip
    idle: ask.Estimate = ask.estimate(
        "What the device draws anyway", unit="W", lower=0.0, default=0.5, section=_DEVICE, when=_DEVICES,
        help="Screen, radio and system, without the model.",
    )  # fmt: skip
    hourly: ask.Estimate = ask.estimate(
        "Uses an hour on one device", unit="uses an hour", lower=0.0, optional=True, section=_DEVICE, when=_DEVICES,
        help="For the battery alone.",
    )  # fmt: skip
    in_time: ask.Requirement = ask.requirement(
        "Uses answered in time", unit="share", lower=0.0, upper=1.0, section=_ENOUGH, at_least=True,
        when={**_LIVE, "deployment.asked": (EACH, "")}, help="95 %: the slowest 5 in 100 may be later.",
    )  # fmt: skip
    to_spare: ask.Requirement = ask.requirement(
        "To spare for 95 in 100 uses, at least", unit="ms", section=_ENOUGH, at_least=True,
        when={**_LIVE, "deployment.asked": (P95,)}, help="0: 95 in 100 are there just within the limit (p95).",
    )  # fmt: skip
    downtime: ask.Requirement = ask.requirement(
        "Down a month, at most", unit="minutes", lower=0.0, section=_ENOUGH, when=_LIVE, at_least=False,
        help="44 minutes is 99.9 % up.",
    )  # fmt: skip
    load: ask.Requirement = ask.requirement(
        "Busy share of the servers, at most", unit="share", lower=0.0, upper=1.0, section=_ENOUGH, when=_REMOTE, at_least=False,
        help="Where the number of servers is limited; above 100 % the line grows without end.",
    )  # fmt: skip
    fresh: ask.Requirement = ask.requirement(
        "Effect left of last night's answer, at least", unit="share", lower=0.0, upper=1.0, section=_ENOUGH, when=_BATCH,
        at_least=True, help="Below it, an answer of last night is not what was asked for.",
    )  # fmt: skip
    night: ask.Requirement = ask.requirement(
        "Hours of the night to spare, at least", unit="hours", section=_ENOUGH, when=_BATCH, at_least=True,
        help="Where it is known how long the run takes.",
    )  # fmt: skip
    room: ask.Requirement = ask.requirement(
        "Memory left on the device", unit="GB", section=_ENOUGH, when=_DEVICES, at_least=True,
        help="Without it the model does not start: the option is never live.",
    )  # fmt: skip
