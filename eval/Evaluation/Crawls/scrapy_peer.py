"""Crawls one shop with Scrapy and reads its products.

scrapy_peer.py URL PARALLEL DEPTH extruct|xpath
Says "product SKU" for each product page that it reads, and "done"; then waits for its input to end. "missing WHAT" where a module is not here.
Settings are Scrapy's own for a crawl in breadth (docs.scrapy.org, "Broad Crawls" and "Does Scrapy crawl in breadth-first or depth-first order?").
"""
import json
import sys

start, parallel, depth, reading = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]

try:
    import scrapy
    from scrapy.crawler import CrawlerProcess
    from scrapy.linkextractors import LinkExtractor
    if reading == "extruct":
        import extruct
        from w3lib.html import get_base_url
except ImportError as missing:
    print(f"missing {missing}: apt-get install python3-scrapy python3-extruct", flush=True)
    sys.exit(0)

from urllib.parse import urlsplit


def walk(node):
    """Every object of a JSON-LD document."""
    if isinstance(node, list):
        for item in node:
            yield from walk(item)
    elif isinstance(node, dict):
        yield node
        for value in node.values():
            if isinstance(value, (list, dict)):
                yield from walk(value)


def of(value):
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name") or value.get("@id")
    return value


def facts(product):
    offer = product.get("offers") or {}
    if isinstance(offer, list):
        offer = offer[0] if offer else {}
    offer = offer.get("properties", offer)
    return {
        "name": of(product.get("name")), "sku": of(product.get("sku")), "brand": of(product.get("brand")), "image": product.get("image"),
        "description": of(product.get("description")), "price": of(offer.get("price")), "currency": of(offer.get("priceCurrency")), "availability": of(offer.get("availability")),
    }


def by_extruct(response):
    found = extruct.extract(response.text, base_url=get_base_url(response.text, response.url), syntaxes=["json-ld", "microdata", "opengraph"], errors="ignore")
    for node in walk(found["json-ld"]):
        if node.get("@type") == "Product":
            return facts(node)
    for node in found["microdata"]:
        if str(node.get("type", "")).endswith("/Product"):
            return facts(node["properties"])
    return None


def by_xpath(response):
    for script in response.xpath('//script[@type="application/ld+json"]/text()').getall():
        for node in walk(json.loads(script)):
            if node.get("@type") == "Product":
                return facts(node)
    for product in response.xpath('//*[@itemscope and contains(@itemtype, "schema.org/Product")]'):
        read = {}
        for prop in product.xpath('.//*[@itemprop]'):
            name = prop.attrib["itemprop"]
            value = prop.attrib.get("content") or prop.attrib.get("href") or prop.attrib.get("src") or prop.xpath("string()").get("").strip()
            read.setdefault(name, value)
        return facts({**read, "offers": read})
    return None


class ShopSpider(scrapy.Spider):
    name = "shop"
    start_urls = [start]
    links = LinkExtractor(allow_domains=[urlsplit(start).netloc])

    def parse(self, response):
        if not isinstance(response, scrapy.http.HtmlResponse):
            return
        product = by_extruct(response) if reading == "extruct" else by_xpath(response)
        if product and product["sku"]:
            print("product", product["sku"], flush=True)
            yield product
        for link in self.links.extract_links(response):
            yield scrapy.Request(link.url)


process = CrawlerProcess(settings={
    "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": max(parallel, 16), "CONCURRENT_REQUESTS_PER_DOMAIN": parallel, "DEPTH_LIMIT": depth, "DEPTH_PRIORITY": 1,
    "SCHEDULER_DISK_QUEUE": "scrapy.squeues.PickleFifoDiskQueue", "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue", "LOG_LEVEL": "ERROR", "TELNETCONSOLE_ENABLED": False,
    "REQUEST_FINGERPRINTER_IMPLEMENTATION": "2.7", "USER_AGENT": "scrapy-bench",
})
process.crawl(ShopSpider)
process.start()
print("done", flush=True)
sys.stdin.read()
