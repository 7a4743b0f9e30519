"""Every Scrapy setting that departs from the default, each with its reason; the order of the belt; our own settings, HARVEST_*."""

from __future__ import annotations

from harvester import __version__

BOT_NAME = "harvester"
SPIDER_MODULES = ["spiders"]
NEWSPIDER_MODULE = "spiders"

# --- ours; the command line gives them, `scrapy crawl -s HARVEST_…=…` may too ------------------------------------------------------
HARVEST_DB = "data/harvest.db"  # "" keeps no database
HARVEST_ARCHIVE = "data/archive"  # folder of the WARC files
HARVEST_PORTALS = ""  # registry CSV; "" is harvester/data/portals.csv
HARVEST_PORTAL_IDS: list[str] = []  # portals to crawl; none named means all
HARVEST_YEARS = ""  # report years: "2021", "2019-2025", "" for all
HARVEST_RUN_ID = ""  # "" makes one
HARVEST_SUMMARY = ""  # file for the run summary as JSON; "" writes none
HARVEST_REGION_FILES: list[str] = []  # regions.csv beside the packaged one
HARVEST_CONTACT = ""  # address or web page to write to when the crawl disturbs; goes into the user agent, so set your own
HARVEST_PROGRESS = False  # progress bars on stderr
HARVEST_BATCH = 50  # reports a transaction
HARVEST_BATCH_SECONDS = 2.0  # and at most this long until what was read can be seen by others
HARVEST_ATTACHMENTS = 50  # files asked for on one report's page; a page that carries more is told; 0 asks for none
HARVEST_REQUESTS = 60  # the most requests of `harvester discover`, whose option wins
HARVEST_NOTICE_PAGES = 5  # the most pages of a column of notices that `harvester discover` turns in search of reports
HARVEST_LEGACY_TLS_HOSTS: list[str] = []  # hosts that only speak https as it was fifteen years ago
HARVEST_WINDOW = ""  # hours of the day in China in which portals are asked: "22:00-06:00"; "" always
HARVEST_SHARD = ""  # folder of a shard: only the registered hosts in its hosts.txt are asked, the rest is left to the last shard
HARVEST_READERS = (
    ""  # processes that read what a crawl fetches; "" is one a core but one, started when needed; 0: one process does everything
)

# --- who we are, and manners ------------------------------------------------------------------------------------------------------
# An honest name with a contact (spiders/middlewares.py fills in HARVEST_CONTACT): whoever is disturbed can say so instead of blocking.
USER_AGENT = f"harvester/{__version__}"
ROBOTSTXT_OBEY = True
ROBOTSTXT_USER_AGENT = "harvester"  # the name a robots.txt would use for us
# Collectors before us agree: one request at a time to a host, seconds between them; probing faster got them shut out for a minute.
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1
# Scrapy varies a delay by half of it either way. Nobody is to be led to believe that a person reads here: a second is at least a second.
DOWNLOAD_DELAY_JITTER = 0
AUTOTHROTTLE_ENABLED = True
# AutoThrottle begins at 5 s by default; the delay above is where we begin, slow hosts raise it by themselves.
AUTOTHROTTLE_START_DELAY = 0
# 60 s by default, and what is longer is cut to it, a DOWNLOAD_DELAY of two minutes too.
AUTOTHROTTLE_MAX_DELAY = 600
# All portals run in one process, each at its own pace, and a request that waits for its host's next turn counts here as one under way. So
# this bounds the hosts at work: 32 left 468 of 500 idle. Twice as many as there are hosts, so that each has its next request at hand.
CONCURRENT_REQUESTS = 1000
# Scrapy's, but that no host holds more of these than it can use soon.
SCHEDULER_PRIORITY_QUEUE = "spiders.politeness.HostQueues"

# --- the network ------------------------------------------------------------------------------------------------------------------
# Names are looked up by threads, ten by default: ten dead names, each half a minute, and no other portal is found meanwhile.
REACTOR_THREADPOOL_MAXSIZE = 50
DNS_TIMEOUT = 20  # 60 by default; a name that takes longer is dead, and asked for again by the retries
DOWNLOAD_TIMEOUT = 60  # 180 by default: a dead host must not hold its slot for three minutes, three times
DOWNLOAD_MAXSIZE = 64 * 1024 * 1024  # 1 GiB by default, and held in memory; a report is some hundred KB, scanned ones some MB
# Scrapy's list without 522 and 524. 521 is not on it for a reason: on these portals it is a script challenge, and asking again at once is
# what it punishes. 429 and 503 wait as their Retry-After says (spiders/politeness.py).
RETRY_HTTP_CODES = [500, 502, 503, 504, 408, 429]
REDIRECT_MAX_TIMES = 8  # http -> https -> www -> folder is three; twenty is a loop
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",  # the reports are Chinese; Scrapy's default asks for English
}

# Scrapy's, but for the hosts of HARVEST_LEGACY_TLS_HOSTS.
DOWNLOAD_HANDLERS = {"https": "spiders.transport.Https"}

# --- what is switched off ---------------------------------------------------------------------------------------------------------
TELNETCONSOLE_ENABLED = False  # a Python prompt on a port of every crawl
REMOTE_CONTROL_ENABLED = False  # new in Scrapy 2.19 and on by default: runs code sent over HTTP inside the crawl
# Validators are kept in the database and bodies in the archive: the HTTP cache would keep each page a third time, as seven files.
HTTPCACHE_ENABLED = False
# Decodes the head of every page to look for a refresh; the lists that do this are small and are looked at by the family "shell".
METAREFRESH_ENABLED = False

# --- speed ------------------------------------------------------------------------------------------------------------------------
# The belt is synchronous, so a hundred items in flight only cost switches between them: measured 700 -> 1,125 pages a second.
CONCURRENT_ITEMS = 1
# Scrapy reads a callback's source again for every response, because a bound method is a new object each time; a linter does this once.
WARN_ON_GENERATOR_RETURN_VALUE = False
LOG_LEVEL = "INFO"  # DEBUG is a line a request and one an item
# Every item's whole repr goes to the log otherwise, 90 KB a page.
LOG_FORMATTER = "spiders.logs.ShortLines"

# --- the parts --------------------------------------------------------------------------------------------------------------------
# Each of Scrapy's parts that only looks on costs every page some 20 µs. None of these has anything to do here:
SPIDER_MIDDLEWARES = {
    # Drops long addresses without telling the spider, whose list would wait for their answer to the end.
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
    # Counts from page to page of a list too; how deep folders and jumps go is bounded where they are followed.
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    # Marks the requests a spider starts with, which are asked in their order; ours are marked where they are made.
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    # Our requests say themselves which list they come from; a redirect keeps that (spiders/middlewares.py, Redirects).
    "scrapy.spidermiddlewares.referer.RefererMiddleware": None,
    # Looks at statuses the spider did not ask for; Politeness looks at all of them anyway, and does that too.
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    # Warns of requests that copy another one's meta; none of ours does.
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
}
DOWNLOADER_MIDDLEWARES = {
    # Looks for allowed_domains; AllowList decides, redirects included.
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    # Takes the Referer away where RefererMiddleware does not put it.
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "spiders.middlewares.Redirects": 600,
    # Looks for the spider's http_user; nothing here has a password.
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    # Fills in a missing User-Agent; Introduce always gives one.
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": None,
    "spiders.window.Window": 40,
    # Before robots.txt (100): not even that is asked of a host off the list.
    "spiders.middlewares.AllowList": 50,
    # As near to the door: not even robots.txt is asked of a host that another worker may be asking.
    "spiders.shards.OnlyItsHosts": 51,
    "spiders.middlewares.Introduce": 450,
    # Behind the redirects (600): each address is asked with its own validators.
    "spiders.revalidation.Validators": 460,
    # Scrapy's asks publicsuffix.org for its list; ours has the list that comes with the package.
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "spiders.middlewares.HostCookies": 700,
    # Both look at every request; ours where there is something to see.
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": None,
    "spiders.middlewares.Proxies": 750,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "spiders.middlewares.Counts": 850,
    # Nearer to the network than the retries (550), so that the pause is set before a retry is queued.
    "spiders.politeness.Politeness": 560,
    "spiders.middlewares.ForcedGzip": 580,
    # Nearest to the network: a list page that a killed run had finished is not asked for again.
    "spiders.resume.KeptPages": 900,
}
EXTENSIONS = {
    # After AutoThrottle (0), which sets the first delay.
    "spiders.politeness.Pace": 10,
    "spiders.progress.ProgressBars": 0,
    "spiders.progress.Closing": 0,
}
# The belt. Bytes first: a body is in the archive before anything reads it.
ITEM_PIPELINES = {
    "pipelines.archive.ArchivePipeline": 100,
    "pipelines.handover.HandOverPipeline": 150,
    "pipelines.extract.ExtractPipeline": 200,
    "pipelines.identify.IdentifyPipeline": 300,
    "pipelines.dedupe.DedupePipeline": 400,
    "pipelines.parse.ParsePipeline": 500,
    "pipelines.check.CheckPipeline": 600,
    "pipelines.persist.PersistPipeline": 700,
}
