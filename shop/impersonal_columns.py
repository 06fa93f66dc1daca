"""Columns of this package, and of the libraries that it uses, that name nobody (shop/personal_data.py)."""

IMPERSONAL = {
    "address_country": "iso_3166_1_a2 iso_3166_1_a3 iso_3166_1_numeric name printable_name",
    "basket_basket": "status",
    "basket_line": "line_reference price_currency tax_code",
    "basket_lineattribute": "value",
    "catalogue_attributeoption": "code option",
    "catalogue_attributeoptiongroup": "code name",
    "catalogue_category": "code description image long_description meta_description meta_title name path slug",
    "catalogue_option": "code help_text name type",
    "catalogue_product": "code date_created date_updated description meta_description meta_title rating slug structure "
    "title upc",
    "catalogue_productattribute": "code name type",
    "catalogue_productattributevalue": "value_date value_datetime value_file value_float value_image "
    "value_richtext value_text",
    "catalogue_productclass": "name slug",
    "catalogue_productimage": "caption code date_created original",
    "communication_communicationeventtype": "category code date_created date_updated "
    "email_body_html_template email_body_template email_subject_template name sms_template",
    "order_communicationevent": "date_created",
    "order_line": "partner_line_notes partner_line_reference partner_name partner_sku status tax_code title upc",
    "order_lineattribute": "type value",
    "order_lineprice": "tax_code",
    "order_order": "currency number shipping_code shipping_method shipping_tax_code status",
    "order_ordernote": "note_type",
    "order_orderstatuschange": "date_created new_status old_status",
    "order_paymentevent": "date_created reference",
    "order_paymenteventtype": "code name",
    "order_shippingeventtype": "code name",
    "order_surcharge": "code name tax_code",
    "partner_partner": "code name",
    "partner_stockalert": "date_closed date_created status",
    "partner_stockrecord": "date_created date_updated partner_sku price_currency",
    "payment_source": "currency label reference",
    "payment_sourcetype": "code name",
    "payment_transaction": "date_created reference status txn_type",
    "shop_deliverymethod": "day_before ends kind starts told towns weekdays",
    "shop_enquiry": "answer_by answered_at kept_until kind remind_from reminded_at state",
    "shop_exceptedline": "exception",
    "shop_merchantorder": "answer_by answer_reminded_at answered_at call_from cancelled_because collect_by "
    "collect_from collect_until collection_code delivery identity_checked_at merchant_reminded_at prepare_by "
    "proposed_from proposed_until remind_from reminded_at",
    "shop_message": "author reported_at",
    "shop_orderevent": "actor kind reason",
    "shop_pricechange": "at",
    "shop_productdetails": "allergens confirmed epr_idu epr_stream exemption facts_due_on identifier label "
    "measure only_on promotion_from promotion_until question traces "
    "unit vat_rate warnings withdrawal_exception",
    "shop_productimport": "applied_at before format rows sent_at undone_at",
    "shop_purchase": "number pseudonymised_at review_asked_at told_of_withdrawal_at",
    "shop_recall": "answer asked_at decided_at identifier official_link reason risk slug state title what_to_do",
    "shop_receipt": "issued_at kind lines seller",
    "shop_receiptcounter": "kind",
    "shop_review": "experienced_on reason state",
    "shop_substitution": "answer_by answered_at asked_at reason state tax_code title",
    "shop_storefront": "alcohol_licence alcohol_licence_at alcohol_licence_number collection_cutoff "
    "collection_days_off legal_form opened_at paused_until rehearsal_code rehearsed_at vat_regime vat_regime_before "
    "vat_regime_since",
    "shop_termsacceptance": "sha256 version",
    "shop_termsversion": "audience in_force_on published_at text told_at urgency urgency_proof version",
    "shop_withdrawal": "overdue_told_at refund_by refunded_at reminded_at returned_at state",
}
