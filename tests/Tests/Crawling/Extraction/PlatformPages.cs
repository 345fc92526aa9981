namespace Touchstone.Tests.Crawling.Extraction;

/// <summary>Pages written for the tests in the manner of common shop platforms, without product markup, so that the visible page must speak.</summary>
internal static class PlatformPages
{
    /// <summary>A theme in the manner of WooCommerce: del and ins prices, related products, a mini cart.</summary>
    public const string Blog = """
        <html lang="en-GB"><head><title>Walnut Chopping Board - Kitchen Corner</title></head><body class="single-product">
        <header class="site-header"><a class="logo" href="/"><img src="/logo.png" alt="Kitchen Corner"></a><div class="cart-contents"><span class="amount">£0.00</span></div></header>
        <nav class="woocommerce-breadcrumb"><a href="/">Home</a> / <a href="/kitchen">Kitchen</a> / <a href="/kitchen/boards">Boards</a> / Walnut Chopping Board</nav>
        <div class="product type-product"><div class="woocommerce-product-gallery"><div class="woocommerce-product-gallery__image"><a href="/img/board-1.jpg"><img src="/img/board-1-300x300.jpg" alt="Walnut Chopping Board"></a></div>
        <div class="woocommerce-product-gallery__image"><a href="/img/board-2.jpg"><img src="/img/board-2-300x300.jpg" alt=""></a></div></div>
        <div class="summary entry-summary"><h1 class="product_title entry-title">Walnut Chopping Board</h1>
        <p class="price"><del><span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">£</span>45.00</bdi></span></del> <ins><span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">£</span>38.50</bdi></span></ins></p>
        <p class="stock in-stock">12 in stock</p><form class="cart"><input type="number" name="quantity" value="1"><button type="submit" name="add-to-cart" class="single_add_to_cart_button button">Add to basket</button></form>
        <div class="product_meta"><span class="sku_wrapper">SKU: <span class="sku">WCB-100</span></span><span class="posted_in">Category: <a href="/boards">Boards</a></span></div></div></div>
        <section class="related products"><h2>Related products</h2><ul class="products"><li class="product"><a href="/p/2"><img src="/img/2.jpg"><h2>Oak Board</h2><span class="price">£20.00</span></a><a class="button add_to_cart_button">Add to basket</a></li>
        <li class="product"><a href="/p/3"><img src="/img/3.jpg"><h2>Pine Board</h2><span class="price">£10.00</span></a><p class="stock out-of-stock">Out of stock</p></li><li class="product"><a href="/p/4"><img src="/img/4.jpg"><h2>Ash Board</h2><span class="price">£12.00</span></a></li></ul></section>
        <footer><p>Free delivery over £50.00</p></footer></body></html>
        """;

    /// <summary>A German shop: unit price, former price, article number in a table, sold out.</summary>
    public const string German = """
        <html lang="de"><head><title>Holzeisenbahn Starterset | Spielzeughaus</title></head><body><div id="page"><div class="header-main"><ul class="navigation--list"><li><a href="/spielzeug">Spielzeug</a></li></ul></div>
        <ul class="breadcrumb--list"><li><a href="/">Startseite</a></li><li><a href="/holz">Holzspielzeug</a></li></ul>
        <section class="content-main"><h1 class="product--title">Holzeisenbahn Starterset</h1><div class="product--supplier"><a href="/marke/brumm"><img src="/media/brumm.svg" alt="Brumm"></a></div>
        <div class="image-slider"><img srcset="/media/bahn_600x600.jpg 600w, /media/bahn_1280x1280.jpg 1280w" src="/media/bahn_200x200.jpg" alt="Holzeisenbahn Starterset"></div>
        <div class="product--price"><span class="price--content">49,<sup>90</sup> € *</span><span class="price--line-through">statt 59,90 €</span><p class="price-unitprice">Inhalt: 30 Stück (1,66 € / 1 Stück)</p></div>
        <p class="product--tax">inkl. MwSt. zzgl. Versandkosten</p><div class="product--delivery"><span class="delivery--text delivery--text-not-available">Zurzeit nicht lieferbar</span></div>
        <table class="product-attributes"><tr><td>Artikel-Nr.:</td><td>SW10023</td></tr><tr><td>Hersteller:</td><td>Brumm GmbH</td></tr><tr><td>EAN:</td><td>4006381333931</td></tr></table></section>
        <div class="product-slider--container"><div class="product-slider--item"><a href="/x"><img src="/x.jpg"></a><span class="price--default">9,99 €</span></div><div class="product-slider--item"><a href="/y"><img src="/y.jpg"></a><span class="price--default">19,99 €</span></div></div></div></body></html>
        """;

    /// <summary>A theme whose product stands only in an embedded script, in hundredths, beside a visible price in dollars of another country.</summary>
    public const string Script = """
        <html lang="en"><head><title>Linen Shirt – Harbour</title></head><body><main><div class="product-single"><h1 class="product-single__title">Linen Shirt</h1>
        <div class="product-form"><select name="id"><option>S</option><option disabled>M - Sold out</option></select><button type="submit" name="add" class="btn product-form__submit">Add to cart</button></div></div></main>
        <script type="application/json" data-product-json>{"id":1,"title":"Linen Shirt","vendor":"Harbour","price":8900,"compare_at_price":null,"variants":[{"id":11,"sku":"LS-S","price":8900,"available":true,"barcode":"4006381333931"},{"id":12,"sku":"LS-M","price":8900,"available":false}]}</script></body></html>
        """;

    /// <summary>A Polish shop with a data layer and a definition list.</summary>
    public const string Polish = """
        <html lang="pl"><head><title>Kubek ceramiczny 300 ml - Sklep</title></head><body><div class="container"><div id="breadcrumbs"><a href="/">Strona główna</a> » <a href="/kubki">Kubki</a> » <span>Kubek ceramiczny 300 ml</span></div>
        <div class="product-info"><h1>Kubek ceramiczny 300 ml</h1><div class="cena"><strong id="projector_price_value">1 249,50 zł</strong></div><div class="najnizsza">Najniższa cena z 30 dni: <span>999,00 zł</span></div>
        <dl><dt>Producent</dt><dd>Glina</dd><dt>Kod produktu</dt><dd>KC-300</dd></dl><span class="status">Produkt dostępny</span><button id="projector_button_basket">Do koszyka</button></div></div></body></html>
        """;

    /// <summary>A category page: many products, none of them the page's own.</summary>
    public const string Category = """
        <html lang="en"><head><title>Cups | Shop</title></head><body><h1>Cups</h1><ul class="items"><li class="item"><a href="/1"><img src="/1.jpg">Red cup</a><span class="price">$5.00</span><button>Add to cart</button></li>
        <li class="item"><a href="/2"><img src="/2.jpg">Blue cup</a><span class="price">$6.00</span><button>Add to cart</button></li><li class="item"><a href="/3"><img src="/3.jpg">Green cup</a><span class="price">$7.00</span><button>Add to cart</button></li>
        <li class="item"><a href="/4"><img src="/4.jpg">Black cup</a><span class="price">$8.00</span><button>Add to cart</button></li></ul></body></html>
        """;

    /// <summary>A blog post that mentions a price.</summary>
    public const string Article = """
        <html lang="en"><head><title>How we test toys</title><meta property="og:type" content="article"></head><body><article><h1>How we test toys</h1><p>A teddy costs about $20 in most shops, which is little for what it must survive in our laboratory over the weeks.</p></article></body></html>
        """;

    /// <summary>An Italian shop that names its list price and its offer only by class.</summary>
    public const string Italian = """
        <html lang="it"><head><title>Trapano a colonna | ToolShop</title></head><body><div class="wrapper"><h1 class="nome">Trapano a colonna</h1><div class="prz"><span class="listino">€ 399,00</span><span class="offerta">€ 349,00</span></div>
        <p>Cod. art.: TC-12</p><p>Disponibilità: immediata</p><a class="btn acquista" href="#">Aggiungi al carrello</a><p>Spedizione gratuita sopra € 50,00</p></div>
        <script>dataLayer.push({'ecommerce':{'detail':{'products':[{'name':'Trapano a colonna','id':'TC-12','price':'349.00','brand':'Fora'}]}}});</script></body></html>
        """;

    /// <summary>A front page with offers.</summary>
    public const string Front = """
        <html lang="en"><head><title>Garden Store</title></head><body><h1>Welcome to Garden Store</h1><h2>Our best offers</h2><div class="card"><a href="1"><img src="1.jpg">Hose 10m</a><div class="price">£9.99</div></div>
        <div class="card"><a href="2"><img src="2.jpg">Hose 20m</a><div class="price">£19.99</div></div></body></html>
        """;
}
